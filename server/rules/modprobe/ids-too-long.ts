import { hasIds, idsParameters, longestIds } from '../../languages/modprobe/vfioIds.ts';
import { spanIn } from '../../syntax/wordLines.ts';
import { modprobeRule } from '../modprobeRule.ts';

const many = Array.from({ length: 115 }, (_, index) => `10de:${(0x1000 + index).toString(16)}`);

export const idsTooLong = modprobeRule({
  id: 'modprobe/ids-too-long',
  severity: 'error',
  docs: {
    what: 'An `ids=` list for vfio-pci of more than 1023 characters.',
    why: 'vfio-pci keeps the list in a buffer of 1024 bytes. The kernel refuses a longer one, and the module is not loaded.',
    source: 'kernel, drivers/vfio/pci/vfio_pci.c: char ids[1024], module_param_string',
  },
  examples: [
    {
      bad: `options vfio-pci ids=«${many.join(',')}»\n`,
      good: `options vfio-pci ids=${many.slice(1, 100).join(',')}\n`,
    },
  ],
  concerns: hasIds,
  *find(node) {
    for (const { value } of idsParameters(node)) {
      if (value.text.length <= longestIds) continue;
      yield {
        span: spanIn(node.line, value),
        message: `The list has ${value.text.length} characters; vfio-pci takes ${longestIds}. Bind the other devices by their addresses, with driver_override.`,
      };
    }
  },
});
