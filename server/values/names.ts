import { matching, type ValueKind } from './kind.ts';

/** A host name of one label or more. */
export const dnsName: ValueKind = matching(
  'a host name: letters, digits and hyphens, with dots between labels',
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
  { mend: text => dashed(text, /[^a-zA-Z0-9.-]+/g, /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/) },
);

/** The id of a mapping, a snapshot or another section of a configuration file. */
export const configId: ValueKind = matching(
  'an id: a letter, then letters, digits, _ or -, at least two characters',
  /^[a-zA-Z][a-zA-Z0-9_-]+$/,
);

export const storageId: ValueKind = matching('a storage id such as local-lvm', /^[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]$/);

export const bridgeId: ValueKind = matching('the name of a bridge such as vmbr0', /^[-_.A-Za-z0-9]+$/, {
  complete: ({ inventory }) =>
    (inventory?.bridges ?? []).map(bridge => ({ text: bridge.name, detail: bridge.ports.join(' ') })),
});

export const tag: ValueKind = matching(
  'a tag: a letter, digit or _, then also - + and .',
  /^[a-zA-Z0-9_][a-zA-Z0-9_\-+.]*$/,
  { mend: text => dashed(text, /[^a-zA-Z0-9_\-+.]+/g, /^[a-zA-Z0-9_][a-zA-Z0-9_\-+.]*$/) },
);

/** Text in which everything but letters, digits and a few marks is written as %XX. */
export const urlEncoded: ValueKind = matching(
  'URL-encoded text (blanks as %20, slashes as %2F)',
  /^[-%a-zA-Z0-9_.!~*'()]*$/,
  { mend: encoded },
);

export const uuid: ValueKind = matching(
  'a UUID such as 6b1e3ff7-3a0a-4c5e-9d7a-2f1c5a7b9e10',
  /^[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/,
  { complete: ({ random }) => [{ text: freshUuid(random), detail: 'random' }] },
);

/** A random UUID (version 4) out of a given source of random numbers. */
export function freshUuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, place => {
    const digit = Math.floor(random() * 16);
    return (place === 'x' ? digit : (digit % 4) + 8).toString(16);
  });
}

function dashed(text: string, wrong: RegExp, right: RegExp): string | undefined {
  const mended = text.replace(wrong, '-').replace(/^-+|-+$/g, '');
  return right.test(mended) ? mended : undefined;
}

function encoded(text: string): string | undefined {
  try {
    return encodeURIComponent(text);
  } catch {
    return undefined; // half of a surrogate pair
  }
}
