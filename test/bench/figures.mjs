// Figures of a measurement: medians, percentiles, ratios, tables.

export const median = values => percentile(values, 50);

/** The value that `percent` of the values do not exceed; `undefined` without values. */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

/** Milliseconds with three digits that matter. */
export const ms = value =>
  value === undefined ? '–' : value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);

export const ratio = (value, floor) => (value === undefined || !floor ? '–' : `${(value / floor).toFixed(2)} ×`);

/** Calls every case once a round, in turns, so that what else the machine does burdens all alike. Resolves with their times in ms. */
export async function inTurns(cases, rounds) {
  const times = new Map(Object.keys(cases).map(name => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const started = performance.now();
      await run();
      times.get(name).push(performance.now() - started);
    }
  }
  return times;
}

/** A table with its title as Markdown; the first column is text, the others are flush right. */
export function markdown({ title, columns, rows, note }) {
  const cells = [columns, ...rows].map(row => row.map(String));
  const widths = columns.map((_, at) => Math.max(3, ...cells.map(row => row[at].length)));
  const line = row =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [head, ...body] = cells;
  return [`### ${title}`, '', line(head), rule, ...body.map(line), ...(note ? ['', note] : []), ''].join('\n');
}
