import { type Parameter, parametersOf } from '../../languages/modprobe/arguments.ts';
import { editOf } from '../../languages/modprobe/repair.ts';
import type { ModprobeLine } from '../../languages/modprobe/tree.ts';
import { idEntries, idsParameters, isVfioPci } from '../../languages/modprobe/vfioIds.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import type { Token } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import { modprobeRule } from '../modprobeRule.ts';
import type { Fix } from '../rule.ts';

export const idsSeparator = modprobeRule({
  id: 'modprobe/ids-separator',
  severity: 'error',
  docs: {
    what: 'An `ids=` list for vfio-pci that is not `vendor:device` with commas, and nothing else, between the entries.',
    why: 'vfio-pci skips what it cannot read as two hexadecimal numbers and takes an address for an id that no device has. A blank ends the list. The device then keeps its usual driver.',
    source: 'kernel 6.1 and 6.12, drivers/vfio/pci/vfio_pci.c, vfio_pci_fill_ids; observed',
  },
  examples: [
    {
      bad: 'options vfio-pci ids=10de:1b80 «10de:10f0»\n',
      fixed: 'options vfio-pci ids=10de:1b80,10de:10f0\n',
      good: 'options vfio-pci ids=10de:1b80,10de:10f0\n',
    },
    {
      bad: 'options vfio-pci ids=«10de»,«1b80»\n',
      fixed: 'options vfio-pci ids=10de:1b80\n',
      good: 'options vfio-pci ids=0x10de:0x1b80,\n',
    },
    { bad: 'options vfio-pci ids=«0000:01:00.0»\n', good: 'options vfio-pci ids="10de:1b80, 10de:10f0"\n' },
  ],
  concerns: node => node.kind === 'options' && isVfioPci(node),
  *find(node, file) {
    for (const { value } of idsParameters(node)) {
      const bad = idEntries(value).filter(entry => !entry.id || isAddress(entry.token.text));
      for (const { token } of bad) {
        if (/^['"]|['"]$/.test(token.text)) continue;
        yield {
          span: spanIn(node.line, token),
          message: isAddress(token.text)
            ? 'This is an address; vfio-pci wants the id of the device, vendor:device, as "lspci -nn" shows it.'
            : 'vfio-pci cannot read this as vendor:device in hexadecimal, and skips it.',
          fixes: mended(value.text).map(text => fixIn(file, `Change to ${text}`, editOf(node, value, text))),
        };
      }
    }
    for (const { before, word } of strayIds(node)) {
      yield {
        span: spanIn(node.line, word),
        message: 'A blank ends the list: the kernel takes this for a parameter that it does not know. Use a comma.',
        fixes: [fixIn(file, 'Join with a comma', join(node, before, word))],
      };
    }
  },
});

const isAddress = (text: string): boolean => /^(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/i.test(text);

/** A list of which every entry is clear after all: other separators, `vendor` and `device` apart. */
function mended(text: string): readonly string[] {
  const pairs = [...text.matchAll(/\b([0-9a-f]{4})[,.;/-]([0-9a-f]{4})\b/gi)];
  const isWhole = pairs.length > 0 && pairs.map(found => found[0]).join(',') === text;
  return isWhole ? [pairs.map(([, vendor, device]) => `${vendor}:${device}`).join(',')] : [];
}

/** Words behind `ids=` that are ids, with what stands before them. */
function strayIds(node: ModprobeLine): readonly { readonly before: Parameter; readonly word: Token }[] {
  if (!isVfioPci(node)) return [];
  const parameters = parametersOf(node);
  return parameters.flatMap((word, index) => {
    const before = parameters[index - 1];
    const isId = /^,?[0-9a-f]{4}:[0-9a-f]{4}(?:[:,][0-9a-f:,]*)?$/i.test(word.whole.text);
    const follows = before?.name.text === 'ids' || (before && /^,?[0-9a-f]{4}:[0-9a-f]{4}/i.test(before.whole.text));
    return isId && before && follows ? [{ before, word: word.whole }] : [];
  });
}

function join(node: ModprobeLine, before: Parameter, word: Token): Fix['edits'][number] | ReturnType<typeof editOf> {
  const hasComma = before.whole.text.endsWith(',') || word.text.startsWith(',');
  return editOf(node, { start: before.whole.end, end: word.start }, hasComma ? '' : ',');
}
