import type { PciFunction } from '../../../host/inventory.ts';
import { deviceLabel } from '../../../host/inventory.ts';
import { inventoryOf } from '../../workspace/world.ts';
import { commandLineRule, literalParameters, removeParameter } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const host = `hostpci snapshot 1
== pci functions: ok
0000:00:02.0
  class: 0300
  vendor: 8086
  device: 4680
  device-name: AlderLake-S GT1
== end
`;

export const i915GvtUnsupported = commandLineRule({
  id: 'cmdline/i915-gvt-unsupported',
  severity: 'warning',
  docs: {
    what: '`i915.enable_gvt=1` with integrated graphics newer than Comet Lake.',
    why: 'GVT-g was never made for them: no mediated device types appear. From the 12th generation on there is SR-IOV instead, or the whole card is passed through.',
    source: 'pve-docs, qm-pci-passthrough.adoc; maintainers in intel/gvt-linux issues 195 and 224',
  },
  examples: [
    {
      bad: 'root=/dev/mapper/pve-root «i915.enable_gvt=1» quiet\n',
      fixed: 'root=/dev/mapper/pve-root quiet\n',
      good: 'root=/dev/mapper/pve-root i915.enable_guc=3 quiet\n',
      host,
    },
  ],
  *check(file, world) {
    const graphics = inventoryOf(world, file)?.functions.find(isIntegratedGraphics);
    if (!graphics || !isTooNew(graphics) || graphics.mdevTypes?.length) return;
    for (const { parameter, line } of literalParameters(file)) {
      if (parameter.id !== 'i915.enable_gvt' || !/^(?:1|y|on)/i.test(parameter.value.text)) continue;
      yield {
        span: parameter.whole.span,
        message: `${deviceLabel(graphics)} has no GVT-g: it ends with Comet Lake. No mediated devices will appear.`,
        fixes: [fixIn(file, `Remove ${parameter.whole.text}`, removeParameter(line, parameter))],
      };
    }
  },
});

const isIntegratedGraphics = (fn: PciFunction): boolean =>
  fn.address === '0000:00:02.0' && fn.vendorId === '8086' && fn.classId?.startsWith('03') === true;

/**
 * Beginnings of the device ids of Ice Lake, Elkhart and Jasper Lake, Tiger Lake, Rocket Lake, Alder, Raptor, Meteor, Arrow,
 * Lunar and Panther Lake (include/drm/intel/pciids.h of Linux).
 */
const isTooNew = (fn: PciFunction): boolean =>
  /^(?:8a5|45|4e[567]|9a[4-f]|4c[89]|46|a7|7d|64[2ab]|b6|b0)/.test(fn.deviceId ?? '');
