import { matching, type ValueKind } from './kind.ts';

const spelling = /^([0-9]+(?:\.[0-9]+)?)([KMGT](?:iB)?)?$/;

/** A size such as `32G` or `528K`; without a unit it is bytes. Units are powers of 1024. */
export const diskSize: ValueKind = matching('a size such as 32G (units K, M, G, T; bytes without one)', spelling, {
  mend: text => {
    const found = /^([0-9]+(?:\.[0-9]+)?) ?([kmgt])(?:i?b)?$/i.exec(text);
    return found ? `${found[1]}${found[2]?.toUpperCase()}` : undefined;
  },
});

/** The size in bytes; `undefined` means "not a size". */
export function parseDiskSize(text: string): number | undefined {
  const found = spelling.exec(text);
  if (!found) return undefined;
  const power = 'KMGT'.indexOf(found[2]?.[0] ?? '') + 1;
  return Number(found[1]) * 1024 ** (found[2] ? power : 0);
}
