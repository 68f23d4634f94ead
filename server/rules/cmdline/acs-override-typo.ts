import { nearest } from '../../text/nearest.ts';
import { commandLineRule, literalParameters, replaceWith } from '../commandLineRule.ts';
import { fixIn } from '../edits.ts';

const words = ['downstream', 'multifunction'];

export const acsOverrideTypo = commandLineRule({
  id: 'cmdline/acs-override-typo',
  severity: 'error',
  docs: {
    what: '`pcie_acs_override` is misspelt, or has a value that it does not know.',
    why: 'It then does nothing: groups stay as they are. The help text of the patch itself has the wrong name `pci_acs_override`.',
    source: 'Proxmox kernel patch "allow pcie_acs_override", pcie_acs_override_setup',
  },
  examples: [
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 «pci_acs_override»=downstream\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 pcie_acs_override=downstream\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 pcie_acs_override=downstream,multifunction,id:1022:43b4\n',
    },
    {
      bad: 'root=ZFS=rpool/ROOT/pve-1 pcie_acs_override=downstream,«multi-function»\n',
      fixed: 'root=ZFS=rpool/ROOT/pve-1 pcie_acs_override=downstream,multifunction\n',
      good: 'root=ZFS=rpool/ROOT/pve-1 pcie_acs_override=downstream,multifunction\n',
    },
  ],
  *check(file) {
    for (const { parameter } of literalParameters(file)) {
      if (parameter.id === 'pci_acs_override') {
        yield {
          span: parameter.name.span,
          message: `The kernel knows no "${parameter.name.text}"; the parameter is called pcie_acs_override.`,
          fixes: [fixIn(file, 'Change to pcie_acs_override', replaceWith(parameter.name.span, 'pcie_acs_override'))],
        };
      } else if (parameter.id === 'pcie_acs_override') {
        for (const item of parameter.items) {
          if (item.text === '' || isKnown(item.text)) continue;
          const meant = nearest(item.text, words, 2);
          yield {
            span: item.span,
            message: `pcie_acs_override does not know "${item.text}": it takes downstream, multifunction and id:vendor:device in hexadecimal.`,
            ...(meant ? { fixes: [fixIn(file, `Change to ${meant}`, replaceWith(item.span, meant))] } : {}),
          };
        }
      }
    }
  },
});

/** The patch compares beginnings, as the IOMMU parameters do. */
const isKnown = (text: string): boolean =>
  words.some(word => text.startsWith(word)) || /^id:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/i.test(text) || text.includes('=');
