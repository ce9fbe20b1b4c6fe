// The trials of a bundle as gwbench export --format csv writes them: internal/export/csv.go,
// line by line. names are {axes, metrics, usage}: whatever there may be of each, in order.

function trialsCSV({ run, trials }, names) {
  const heads = ["run", "block", "order", "attempt", "start", "seconds", ...names.axes, "clients", "rate", "valid", "invalid", "bottleneck", "notes", "latency_from",
    "planned", "sent", "correct", "dropped", "late", ...names.metrics, ...names.usage];
  const rows = trials.map((trial) => {
    const axes = trial.case.split("/");
    const load = run.plan.loads[axes[names.axes.indexOf("load")]];
    const { planned, sent, correct, dropped, late } = trial.counts;
    return [
      csvText(run.id), trial.block, trial.order, trial.attempt, csvTime(trial.start), csvNumber(trial.seconds), ...names.axes.map((_, i) => csvText(axes[i])),
      csvNumber(load.clients || null), csvNumber(load.rate || null), trial.valid, csvText(trial.invalid?.join("; ")), csvText(trial.bottleneck),
      csvText([...new Set(trial.notes?.map(({ kind }) => kind))].join("; ")), csvText(trial.latency_from), planned, sent, correct, dropped, late,
      ...names.metrics.map((name) => csvNumber(trial.metrics?.[name])), ...names.usage.map((name) => csvNumber(trial.usage[name])),
    ];
  });
  return [heads, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

// csvText is one line that no spreadsheet takes for a formula.
function csvText(value = "") {
  const line = value.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu, " ").split(/\p{White_Space}+/u).filter(Boolean).join(" ");
  return /^[=+\-@＝＋－＠]/u.test(line) ? `'${line}` : line;
}

// csvNumber has all digits of a number, and no exponent.
function csvNumber(value) {
  if (value === null || value === undefined) {
    return "";
  }
  const [digits, exponent] = String(value).split("e");
  if (exponent === undefined) {
    return digits;
  }
  const [, sign, whole, part = ""] = /^(-?)(\d)\.?(\d*)$/.exec(digits);
  const point = 1 + Number(exponent);
  return sign + (point > 0 ? (whole + part).padEnd(point, "0") : `0.${"0".repeat(-point)}${whole}${part}`);
}

// csvTime keeps the fraction of a second, of which a Date knows the beginning alone.
function csvTime(time) {
  if (time.endsWith("Z")) {
    return time;
  }
  const fraction = /\.\d+/.exec(time)?.[0] ?? "";
  return new Date(time).toISOString().replace(/\.\d+Z$/, `${fraction}Z`);
}

// csvCell quotes as Go's encoding/csv does.
function csvCell(value) {
  const plain = String(value);
  return /^\s|[",\r\n]|^\\\.$/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
