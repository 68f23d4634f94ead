/**
 * Text from files and hosts as Markdown that shows exactly that text: no emphasis, links, images, HTML or headings can
 * come of it, and it stays on one line.
 */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .replace(/[\\`*_[\]<>#|~!&$@]/g, '\\$&')
    .replace(/:\/\//g, '\\://')
    .replace(/\bwww\./gi, '$&\u200b')
    .replace(/^(\s*)([-+]|\d+[.)])/, '$1\\$2');

/** Text from files and hosts as inline code. */
export function inlineCode(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Paragraphs with empty lines between them; absent ones are left out. */
export const paragraphs = (...parts: readonly (string | undefined | false)[]): string =>
  parts.filter(part => part !== undefined && part !== false && part !== '').join('\n\n');

/** Bytes in the largest unit that leaves no long fraction: `256 MiB`, `1.5 GiB`. */
export function readableBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(value < 10 ? 2 : 1))} ${units[unit]}`;
}
