import { kernelAtLeast } from '../../languages/kernelCmdline/kernelRelease.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, replaceWith } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

export const videoListSlip = commandLineRule({
  id: 'cmdline/video-list-slip',
  severity: 'warning',
  docs: {
    what: 'One `video=` names two framebuffer drivers.',
    why: 'All of the value belongs to the first driver; the second is not switched off.',
    source: 'kernel, drivers/video/fbdev/core/fb_cmdline.c: one option, one driver',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root video=«efifb:off,vesafb:off» quiet\n',
      fixed: 'root=/dev/mapper/pve-root video=efifb:off video=vesafb:off quiet\n',
      good: 'root=/dev/mapper/pve-root video=efifb:off video=vesafb:off quiet\n',
    },
  ],
  *check(file, world) {
    // From 5.15 on the whole parameter does nothing, which is said elsewhere.
    if (kernelAtLeast(inventoryOf(world, file)?.kernel.release, '5.15')) return;
    for (const { parameter, line } of literalParameters(file)) {
      if (parameter.id !== 'video' || !/^\w+:off,\w+:off/.test(parameter.value.text)) continue;
      const split = parameter.items.map(({ text }) => `video=${text}`).join(' ');
      const canSplit = line.quoting !== undefined && line.quoting !== 'none';
      yield {
        span: parameter.value.span,
        message: `All of this is for ${parameter.items[0]?.text.split(':', 1)[0]}: one video= is for one driver. Write ${split}.`,
        ...(canSplit
          ? { fixes: [fixIn(file, 'Split into one option each', replaceWith(parameter.whole.span, split))] }
          : {}),
      };
    }
  },
});
