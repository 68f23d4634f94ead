// How long the grammars take on long lines. Four times the length should take about four times as long.
import { lineStarts, load, tokens, units } from '../support/grammars.ts';
import { median, ms, ratio } from './figures.mjs';

const [short, long] = [4000, 16_000];

export async function measure({ quick }) {
  const rows = [];
  for (const [scopeName, starts] of Object.entries(lineStarts)) {
    const grammar = await load(scopeName);
    const worst = starts
      .flatMap(start => units.map(unit => measured(grammar, start, unit, quick ? 1 : 3)))
      .reduce((a, b) => (b.long > a.long ? b : a));
    rows.push([
      scopeName,
      JSON.stringify(`${worst.start}${worst.unit}…`),
      ms(worst.short),
      ms(worst.long),
      ratio(worst.long, worst.short),
    ]);
  }
  const columns = ['grammar', 'slowest line', `${short} characters`, `${long} characters`, 'ratio'];
  return [{ title: 'Grammars on long lines', columns, rows, note: 'Medians in ms.' }];
}

function measured(grammar, start, unit, rounds) {
  const time = length => {
    const text = start + unit.repeat(Math.ceil(length / unit.length));
    const times = Array.from({ length: rounds }, () => {
      const started = performance.now();
      tokens(grammar, text);
      return performance.now() - started;
    });
    return median(times);
  };
  return { start, unit, short: time(short), long: time(long) };
}
