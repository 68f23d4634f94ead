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
