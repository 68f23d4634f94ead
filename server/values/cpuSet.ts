import { type ValueKind, withoutEmptyEnd } from './kind.ts';

const part = /^[ \t\r\f\v]*([0-9]+)(?:-([0-9]+))?[ \t\r\f\v]*$/;

/** Host CPUs with commas between them: `0,5,8-11`. Ranges must not run backwards. */
export const cpuSet: ValueKind = {
  describe: 'a list of CPU numbers such as 0,5,8-11',
  check: text => {
    for (const item of withoutEmptyEnd(text.split(','))) {
      const found = part.exec(item);
      if (!found) return `has the part "${item}", which is neither a CPU number nor a range`;
      if (found[2] !== undefined && Number(found[2]) < Number(found[1])) return `has the range "${item}" backwards`;
    }
    return undefined;
  },
};

export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** The ranges of an `id[-id];…` list as `numaN` has it; `undefined` where a part is none or runs backwards. */
export function parseRanges(text: string): readonly NumberRange[] | undefined {
  const ranges: NumberRange[] = [];
  for (const item of text.split(';')) {
    const found = /^([0-9]+)(?:-([0-9]+))?$/.exec(item);
    if (!found) return undefined;
    const from = Number(found[1]);
    const to = found[2] === undefined ? from : Number(found[2]);
    if (to < from) return undefined;
    ranges.push({ from, to });
  }
  return ranges;
}
