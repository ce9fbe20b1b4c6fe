// The histograms of a packed bundle, as results/counts.go writes them: what each name
// here means is said there. All numbers are whole, and below 2^53.

const LENGTHS = 64;
const PLACES = LENGTHS + 4 * LENGTHS;
const LOGS = 6;
const CONTEXTS = 1 + 2 * LOGS * LOGS;
const FORGETTING = 60;

const logOf = (n) => Math.min(n > 0 ? Math.floor(Math.log2(n)) + 1 : 0, LOGS - 1);
const gapContext = (before, beforeThat) => 1 + logOf(before) * LOGS + logOf(beforeThat);
const countContext = (gap, before) => 1 + LOGS * LOGS + logOf(gap) * LOGS + logOf(before);

// countsReader returns a function that reads the buckets of the next histogram.
function countsReader(bytes) {
  const one = new Int32Array(CONTEXTS * PLACES).fill(1 << 15);
  const met = new Int32Array(CONTEXTS * PLACES);
  let low = 0;
  let high = 0xffffffff;
  let next = 0;
  let at = 0;
  const more = () => {
    at = ((at << 8) | (bytes[next++] ?? 0)) >>> 0;
  };
  for (let i = 0; i < 4; i++) {
    more();
  }

  // bit reads one whose chance is learned at that place; -1: both are as likely.
  function bit(place) {
    const chance = place < 0 ? 1 << 15 : one[place];
    const wide = high - low;
    const middle = low + (wide >>> 16) * chance + (((wide & 0xffff) * chance) >>> 16);
    const is = at <= middle ? 1 : 0;
    if (is) {
      high = middle;
    } else {
      low = middle + 1;
    }
    while ((low ^ high) >>> 24 === 0) {
      low = (low << 8) >>> 0;
      high = ((high << 8) | 0xff) >>> 0;
      more();
    }
    if (place >= 0) {
      met[place] = Math.min(met[place] + 1, FORGETTING);
      const learned = one[place] + Math.trunc((is * 65535 - one[place]) / (met[place] + 1));
      one[place] = Math.min(Math.max(learned, 32), 65504);
    }
    return is;
  }

  function number(context) {
    const own = context * PLACES;
    let length = 0;
    while (length < LENGTHS - 1 && bit(own + length) === 1) {
      length++;
    }
    let value = 1;
    for (let i = length - 1; i >= 0; i--) {
      value = 2 * value + bit(i >= length - 2 ? own + LENGTHS + 4 * length + value : -1);
    }
    return value - 1;
  }

  return () => {
    const buckets = [];
    let [gap, gapBefore, count] = [0, 0, 0];
    for (let n = number(0); n > 0; n--) {
      const read = number(gapContext(gap, gapBefore));
      [gap, gapBefore, count] = [read, gap, number(countContext(read, count))];
      if (next > bytes.length + 4) {
        throw new Error("the packed histograms are damaged");
      }
      buckets.push({ gap, count: count + 1 });
    }
    return buckets;
  };
}

// histogramOf is the form that HdrHistogram calls V2 compressed, in base64.
async function histogramOf(buckets) {
  const counts = [];
  if (buckets.length === 0) {
    counts.push(0);
  }
  for (const { gap, count } of buckets) {
    if (gap > 0) {
      varint(counts, gap === 1 ? 0 : -gap);
    }
    varint(counts, count);
  }
  const plain = new Uint8Array(40 + counts.length);
  const head = new DataView(plain.buffer);
  head.setUint32(0, 0x1c849313);
  head.setUint32(4, counts.length);
  head.setUint32(12, 3);
  head.setBigUint64(16, 1n);
  head.setBigUint64(24, 60_000_000_000n);
  head.setFloat64(32, 1);
  plain.set(counts, 40);
  const body = await through(new CompressionStream("deflate"), plain);
  const whole = new Uint8Array(8 + body.length);
  new DataView(whole.buffer).setUint32(0, 0x1c849314);
  new DataView(whole.buffer).setUint32(4, body.length);
  whole.set(body, 8);
  return btoa(String.fromCharCode(...whole));
}

// varint appends a number as zigzag LEB128.
function varint(bytes, n) {
  let rest = n < 0 ? -2 * n - 1 : 2 * n;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

// through sends bytes through a stream that compresses or expands them.
async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
