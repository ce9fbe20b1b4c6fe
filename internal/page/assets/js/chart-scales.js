// What the axes of a chart say. An axis is {label, unit, scale, min, max}: scale is
// "linear", "log" or "percentile", and min and max bound it where they are given.

const numbers = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const percentileNames = ["0", "50", "90", "99", "99.9", "99.99"];

// A percentile p stands at -log10(1 - p/100), which stretches the axis towards the
// slowest requests.
function percentilePlace(percent) {
  return percent === 0 ? 0 : -Math.log10(1 - percent / 100);
}

function percentileAt(place) {
  return 100 * (1 - 10 ** -place);
}

// percentileText has as many digits as tell a place from its neighbours.
function percentileText(place) {
  const digits = Math.max(0, Math.ceil(place) - 1);
  return String(Number(percentileAt(place).toFixed(place === Math.round(place) ? digits : digits + 1)));
}

function formatValue(axis, value) {
  if (value === null || value === undefined) {
    return "unknown";
  }
  const named = axis.ticks?.find((tick) => tick.value === value);
  const text = named?.text ?? (axis.scale === "percentile" ? percentileText(value) : numbers.format(value));
  return axis.unit ? `${text} ${axis.unit}` : text;
}

// scaleOptions has uPlot leave as much room around the data as the axis needs: of its
// own it would round a logarithmic one to whole decades.
function scaleOptions(axis, room, whole = (_, low, high) => [low, high]) {
  return {
    time: false,
    distr: axis.scale === "log" ? 3 : 1,
    range: (u, low, high) => (low === null ? [null, null] : axisRange(axis, ...whole(u, low, high), room)),
  };
}

// axisRange is what an axis spans by itself; room is the share of the data's span
// that it leaves free at each end.
function axisRange(axis, low, high, room) {
  if (axis.scale === "log") {
    const factor = low === high ? 1.2 : (high / low) ** room;
    return [axis.min ?? low / factor, axis.max ?? high * factor];
  }
  const span = high - low || Math.abs(high) || 1;
  return [axis.min ?? low - span * room, axis.max ?? high + span * room];
}

function axisTicks(axis, min, max, most) {
  if (axis.scale === "percentile") {
    return percentileTicks(min, max);
  }
  if (axis.ticks) {
    return namedTicks(axis, min, max, most);
  }
  return axis.scale === "log" ? logTicks(min, max, most) : evenTicks(min, max, most, axis.whole ? 1 : 0);
}

// Ticks are {value, text}; one without text is a line only.
function percentileTicks(min, max) {
  const named = percentileNames.map((name) => ({ value: percentilePlace(Number(name)), text: name }));
  const within = named.filter(({ value }) => value >= min - 1e-9 && value <= max + 1e-9);
  return within.length >= 2 ? within : evenTicks(min, max, 4).map(({ value }) => ({ value, text: percentileText(value) }));
}

// namedTicks are those that the data names; of two that have no room beside each other
// the greater is a line only. A zoom that shows one alone has round numbers.
function namedTicks(axis, min, max, most) {
  const to = axis.scale === "log" ? Math.log10 : Number;
  const within = axis.ticks.filter(({ value }) => value >= min && value <= max);
  if (within.length < 2) {
    return axisTicks({ ...axis, ticks: undefined }, min, max, most);
  }
  const apart = (to(max) - to(min)) / (most * 1.5);
  let last = -Infinity;
  return within.map(({ value, text }) => {
    if (to(value) - last < apart) {
      return { value, text: "" };
    }
    last = to(value);
    return { value, text };
  });
}

function logTicks(min, max, most) {
  const decades = Math.log10(max) - Math.log10(min);
  if (decades < 0.75) {
    return evenTicks(min, max, most);
  }
  const every = Math.max(1, Math.ceil(decades / most));
  const named = decades < most / 3 ? [1, 2, 5] : [1];
  const lines = decades <= 3;
  const ticks = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
    for (let digit = 1; digit <= 9; digit++) {
      // Read from text, as powers of ten below 1 are no exact products.
      const value = Number(`${digit}e${power}`);
      const text = named.includes(digit) && power % every === 0 ? numbers.format(value) : "";
      if ((text || lines) && value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)) {
        ticks.push({ value, text });
      }
    }
  }
  return ticks;
}

// evenTicks divides an axis into at most so many round parts, each at least so large.
function evenTicks(min, max, most, least = 0) {
  const raw = Math.max((max - min) / most, least);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= raw * (1 - 1e-9)) ?? raw;
  const ticks = [];
  for (let i = Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) {
    const value = Number((i * step).toPrecision(12));
    ticks.push({ value, text: numbers.format(value) });
  }
  return ticks;
}
