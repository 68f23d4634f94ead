import type { ValueKind } from './kind.ts';

/**
 * Reads the words that Proxmox takes for a boolean, in any case: 1, on, yes, true and 0, off, no, false.
 * `undefined` means "not a boolean".
 */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (word === '1' || word === 'on' || word === 'yes' || word === 'true') return true;
  if (word === '0' || word === 'off' || word === 'no' || word === 'false') return false;
  return undefined;
}

export const boolean: ValueKind = {
  describe: '1 or 0 (on, yes, true and off, no, false are accepted too)',
  check: text => (parseBoolean(text) === undefined ? 'is not a boolean: write 1 or 0' : undefined),
  mend: text => words.get(text.trim().toLowerCase()),
  complete: () => [
    { text: '1', detail: 'on' },
    { text: '0', detail: 'off' },
  ],
};

/** What people write for it; a blank around a valid word is mended too. */
const words: ReadonlyMap<string, string> = new Map([
  ...['1', 'on', 'yes', 'true', 'y', 't', 'enable', 'enabled', 'onn', 'ture'].map(word => [word, '1'] as const),
  ...['0', 'off', 'no', 'false', 'n', 'f', 'disable', 'disabled', 'of', 'none'].map(word => [word, '0'] as const),
]);
