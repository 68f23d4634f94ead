/**
 * A VM's notes in its file: `#` lines and `description:` lines, percent-encoded UTF-8.
 * Source: qemu-server 9.2.6, PVE/QemuServer.pm parse_vm_config and write_vm_config, observed.
 */

/** Decodes what stands behind `#` or `description:`; bytes that are no UTF-8 become U+FFFD, a U+FEFF at the start stays. */
export function decodeNotes(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const escaped = /^%[0-9a-fA-F]{2}/.exec(text.slice(at, at + 3))?.[0];
    const char = escaped ?? String.fromCodePoint(text.codePointAt(at) as number);
    if (escaped) bytes.push(Number.parseInt(escaped.slice(1), 16));
    else bytes.push(...new TextEncoder().encode(char));
    at += char.length;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** Encodes one line of notes: everything but printable ASCII, and `%` and `:` too. */
export function encodeNotes(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x39\x3b-\x7e]+/g, run =>
    [...new TextEncoder().encode(run)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** Takes the white space off the end, as Proxmox does when it has read a section's notes. */
export function trimNotes(text: string): string {
  let end = text.length;
  while (end > 0 && blank.test(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

/** Perl's white space for decoded text: JavaScript's without U+FEFF, with U+0085. */
const blank = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
