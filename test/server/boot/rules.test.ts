import { readdirSync } from 'node:fs';
import { grub } from '../../../server/languages/grub/grub.ts';
import { kernelCmdline } from '../../../server/languages/kernelCmdline/kernelCmdline.ts';
import type { CommandLineRule } from '../../../server/rules/commandLineRule.ts';
import type { Rule } from '../../../server/rules/rule.ts';
import { type CheckOptions, checkExamples, checkRule } from '../../support/check.ts';

const areas = ['boot', 'cmdline'] as const;

async function load(): Promise<ReadonlyMap<string, Rule>> {
  const found = new Map<string, Rule>();
  for (const area of areas) {
    for (const name of readdirSync(new URL(`../../../server/rules/${area}`, import.meta.url))) {
      const module = (await import(`../../../server/rules/${area}/${name}`)) as Record<string, Rule>;
      for (const rule of Object.values(module)) found.set(rule.id, rule);
    }
  }
  return found;
}

suite('rules about the kernel command line', () => {
  let rules: ReadonlyMap<string, Rule>;
  suiteSetup(async () => {
    rules = await load();
  });

  const rule = (id: string): Rule => {
    const found = rules.get(id);
    if (!found) throw new Error(`no rule ${id}`);
    return found;
  };
  /** The rule as it looks at GRUB's settings. */
  const inGrub = (id: string): Rule => ({ ...(rule(id) as CommandLineRule), language: grub, alsoIn: [] }) as Rule;
  const host = (text: string): CheckOptions => ({
    host: `hostpci snapshot 1\n== host: ok\nnode: pve1\n${text}== end\n`,
  });
  const silent = (id: string, ...texts: string[]): void => {
    for (const text of texts) checkRule(rule(id), text);
  };

  test('their own examples', () => {
    for (const one of rules.values()) checkExamples(one);
  });

  test("all rules for parameters look at GRUB's settings too", () => {
    for (const [id, one] of rules) {
      if (!id.startsWith('cmdline/') || one.language.id !== kernelCmdline.id) continue;
      const also = (one as unknown as CommandLineRule).alsoIn.map(({ id: language }) => language);
      if (also[0] !== grub.id) throw new Error(id);
    }
  });

  test('the same findings and fixes between shell quotes', () => {
    checkRule(
      inGrub('cmdline/amd-iommu-on-noop'),
      'GRUB_CMDLINE_LINUX="quiet amd_iommu=«on»"\n',
      'GRUB_CMDLINE_LINUX="quiet"\n',
    );
    checkRule(
      inGrub('cmdline/comma-space-slip'),
      "GRUB_CMDLINE_LINUX='quiet«,»iommu=pt'\n",
      "GRUB_CMDLINE_LINUX='quiet iommu=pt'\n",
    );
    checkRule(
      inGrub('cmdline/acs-override-typo'),
      'GRUB_CMDLINE_LINUX="\\\n «pci_acs_override»=downstream"\n',
      'GRUB_CMDLINE_LINUX="\\\n pcie_acs_override=downstream"\n',
    );
    checkRule(
      inGrub('cmdline/blacklist-dash'),
      'GRUB_CMDLINE_LINUX=modprobe.blacklist=«snd-hda-intel»\n',
      'GRUB_CMDLINE_LINUX=modprobe.blacklist=snd_hda_intel\n',
    );
    checkRule(
      inGrub('cmdline/hugepages-order'),
      'GRUB_CMDLINE_LINUX="«hugepages=4» hugepagesz=1G"\n',
      'GRUB_CMDLINE_LINUX="hugepagesz=1G hugepages=4"\n',
    );
    checkRule(
      inGrub('cmdline/unknown-iommu-value'),
      'GRUB_CMDLINE_LINUX="«itnel_iommu»=on"\nGRUB_TIMEOUT=iommu=x\n',
      'GRUB_CMDLINE_LINUX="intel_iommu=on"\nGRUB_TIMEOUT=iommu=x\n',
    );
  });

  test('what an expansion hides is not judged', () => {
    checkRule(inGrub('cmdline/unknown-iommu-value'), 'GRUB_CMDLINE_LINUX="iommu=$X intel_iommu=$Y$Z"\n');
    checkRule(inGrub('cmdline/acs-override-in-use'), 'GRUB_CMDLINE_LINUX="$ACS"\n');
  });

  test('unknown values: what the kernel accepts by its beginning is fine, and rules of their own stay alone', () => {
    silent(
      'cmdline/unknown-iommu-value',
      'intel_iommu=on,relax_rmrr,sm_on iommu=pt,memaper=3 amd_iommu=force_isolation,pgtbl_v2',
      'amd_iommu=on amd_iommu=pt',
      'intel_iommu=on,iommu=pt',
      'pci_acs_override=downstream iommu.passthrough=1 iommu.strict=0 amd_iommu_dump=1 hugepages=4 hugepagesz=1G',
    );
    checkRule(rule('cmdline/unknown-iommu-value'), 'iommu=«on» amd_iommu=«enable»');
  });

  test('real lists are no slips', () => {
    silent(
      'cmdline/comma-space-slip',
      'console=ttyS0,115200 vfio-pci.ids=10de:1b80,10de:10f0 mitigations=auto,nosmt module_blacklist=nouveau,xe video=HDMI-A-1:1920x1080@60,e',
      'pci=noats,resource_alignment=20@0000:01:00.0 isolcpus=domain,2-5 crashkernel=2G-:256M iommu=pt,',
    );
  });

  test('a host without passthrough may keep its IOMMU off', () => {
    silent(
      'cmdline/iommu-disabled',
      'intel_iommu=off quiet',
      'iommu=pt vfio-pci.ids=10de:1b80',
      'intel_iommu=igfx_off vfio-pci.ids=10de:1b80',
    );
    checkRule(
      rule('cmdline/iommu-disabled'),
      '--- etc/kernel/cmdline\namd_iommu=«off»\n--- etc/modprobe.d/a.conf\noptions vfio-pci ids=10de:1b80\n',
    );
    checkRule(
      rule('cmdline/iommu-disabled'),
      'intel_iommu=off vfio-pci.ids=10de:1b80',
      undefined,
      host('== cpu: ok\nvendor: AuthenticAMD\n'),
    );
  });

  test('intel_iommu=on is missed only where an old Proxmox kernel on Intel needs it', () => {
    const site =
      '--- etc/kernel/cmdline\nroot=x\n--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 0000:01:00.0\n';
    const facts = (release: string, vendor: string, more = ''): CheckOptions =>
      host(
        `${more}== kernel: ok\nrelease: ${release}\n== boot: ok\nloader: systemd-boot\n== cpu: ok\nvendor: ${vendor}\n`,
      );
    checkRule(rule('cmdline/intel-iommu-missing'), site, undefined, facts('6.8.12-9-pve', 'GenuineIntel'));
    checkRule(rule('cmdline/intel-iommu-missing'), site, undefined, facts('6.5.13-5-pve', 'AuthenticAMD'));
    checkRule(rule('cmdline/intel-iommu-missing'), site, undefined, facts('6.1.0-40-amd64', 'GenuineIntel'));
    checkRule(
      rule('cmdline/intel-iommu-missing'),
      site,
      undefined,
      facts('6.5.13-5-pve', 'GenuineIntel', 'iommu: dmar0\n'),
    );
    checkRule(
      rule('cmdline/intel-iommu-missing'),
      '--- etc/kernel/cmdline\nroot=x\n',
      undefined,
      facts('6.5.13-5-pve', 'GenuineIntel'),
    );
  });

  test('intel_iommu=on is missed once, in the file of GRUB that has the last word', () => {
    const vm = '--- etc/pve/nodes/pve1/qemu-server/100.conf\nhostpci0: 0000:01:00.0\n';
    const first = '--- etc/default/grub\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n';
    checkRule(
      inGrub('cmdline/intel-iommu-missing'),
      `${first}--- etc/default/grub.d/pve.cfg\nGRUB_CMDLINE_LINUX_DEFAULT="«$GRUB_CMDLINE_LINUX_DEFAULT ro»"\n${vm}`,
      `${first}--- etc/default/grub.d/pve.cfg\nGRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ro intel_iommu=on"\n${vm}`,
      host('== kernel: ok\nrelease: 6.5.13-5-pve\n== boot: ok\nloader: grub\n== cpu: ok\nvendor: GenuineIntel\n'),
    );
  });

  test('the wrong file: silent where it is not known how the host boots, and where the right file has it', () => {
    const site = '--- etc/default/grub\nGRUB_CMDLINE_LINUX="iommu=pt"\n--- etc/kernel/cmdline\nroot=x\n';
    checkRule(rule('boot/wrong-file-grub'), site);
    checkRule(
      rule('boot/wrong-file-grub'),
      site,
      undefined,
      host('== kernel: ok\ncommand-line: BOOT_IMAGE=x root=x\n'),
    );
    checkRule(
      rule('boot/wrong-file-grub'),
      site,
      undefined,
      host('== kernel: ok\ncommand-line: initrd=\\x root=x iommu=pt\n'),
    );
    checkRule(
      rule('boot/wrong-file-grub'),
      '--- etc/default/grub\nGRUB_CMDLINE_LINUX="quiet splash"\n',
      undefined,
      host('== kernel: ok\ncommand-line: initrd=\\x root=x\n'),
    );
    checkRule(
      rule('boot/wrong-file-grub'),
      '--- etc/default/grub\nGRUB_CMDLINE_LINUX="«iommu=pt»"\n',
      undefined,
      host('== kernel: ok\ncommand-line: initrd=\\x root=x\n'),
    );
    checkRule(
      rule('boot/wrong-file-kernel-cmdline'),
      '--- etc/kernel/cmdline\nroot=x quiet boot=zfs\n',
      undefined,
      host('== kernel: ok\ncommand-line: BOOT_IMAGE=x root=x\n'),
    );
    checkRule(
      rule('boot/wrong-file-kernel-cmdline'),
      '--- etc/kernel/cmdline\nroot=x «iommu=pt»\n--- etc/default/grub\nGRUB_CMDLINE_LINUX="ro"\n',
      '--- etc/kernel/cmdline\nroot=x iommu=pt\n--- etc/default/grub\nGRUB_CMDLINE_LINUX="ro iommu=pt"\n',
      host('== kernel: ok\ncommand-line: BOOT_IMAGE=x root=x\n== boot: ok\nloader: grub\n'),
    );
  });

  test('not applied: only in the file that counts', () => {
    const facts = host('== kernel: ok\ncommand-line: BOOT_IMAGE=x root=x quiet\n');
    checkRule(
      rule('boot/not-applied'),
      '--- etc/kernel/cmdline\nroot=x iommu=pt\n--- etc/default/grub\nGRUB_CMDLINE_LINUX="quiet"\n',
      undefined,
      facts,
    );
    checkRule(
      inGrub('boot/not-applied'),
      '--- etc/default/grub\nGRUB_CMDLINE_LINUX="quiet «iommu=pt»"\n',
      undefined,
      facts,
    );
    checkRule(inGrub('boot/not-applied'), '--- etc/default/grub\nGRUB_CMDLINE_LINUX="quiet"\n', undefined, facts);
  });

  test('the file of a host without proxmox-boot-tool is not held to its rules', () => {
    const plain = host('== boot: ok\nproxmox-boot-tool: no\n');
    checkRule(rule('boot/cmdline-multiline'), 'root=x\nquiet\n', undefined, plain);
    checkRule(rule('boot/cmdline-no-root'), 'quiet\n', undefined, plain);
    checkRule(rule('boot/cmdline-no-root'), '«»\n');
    checkRule(rule('boot/cmdline-multiline'), '\n  \n«root=x»\n', 'root=x\n');
  });

  test('GRUB settings: legal shell is no fault', () => {
    silent(
      'boot/grub-syntax',
      'GRUB_DEFAULT=0\nGRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
      'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX a"; export GRUB_X="b" # "c\n[ -z "$X" ] && GRUB_CMDLINE_LINUX=a\n',
      'FOO=bar cmd\nBAR = baz\n',
    );
    checkRule(
      rule('boot/grub-syntax'),
      "«GRUB_CMDLINE_LINUX='quiet»\n# it's\n",
      "GRUB_CMDLINE_LINUX='quiet'\n# it's\n",
    );
    checkRule(rule('boot/grub-syntax'), '«GRUB_CMDLINE_LINUX= "quiet"»\n', 'GRUB_CMDLINE_LINUX="quiet"\n');
  });

  test('a second assignment that loses nothing, or that may not happen, is none', () => {
    silent(
      'boot/grub-duplicate-variable',
      'GRUB_CMDLINE_LINUX=""\nGRUB_CMDLINE_LINUX="a"\n',
      'GRUB_CMDLINE_LINUX="a"\nGRUB_CMDLINE_LINUX="a b"\n',
      'GRUB_CMDLINE_LINUX="a"\nif x; then GRUB_CMDLINE_LINUX="b"; fi\n',
      'GRUB_CMDLINE_LINUX="a"\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX b"\n',
      'GRUB_CMDLINE_LINUX="a"\nGRUB_CMDLINE_LINUX_DEFAULT="b"\n',
    );
  });

  test('blacklists: the console is left alone, and so is what is not known', () => {
    const needs = (kind: string): CheckOptions =>
      host(
        `== pci functions: ok\n0000:00:02.0\n  class: 0300\n  vendor: 8086\n  device: 3e92\n  driver: i915\n== host needs: ok\n0000:00:02.0\n  kind: ${kind}\n  detail: tty0\n`,
      );
    checkRule(rule('cmdline/module-blacklist-list'), 'module_blacklist=i915', undefined, needs('console'));
    checkRule(rule('cmdline/module-blacklist-list'), 'module_blacklist=«i915»', '', needs('usb-input'));
    checkRule(rule('cmdline/module-blacklist-list'), 'module_blacklist=i915');
    checkRule(
      rule('cmdline/blacklist-dash'),
      'modprobe.blacklist=snd-hda-intel',
      undefined,
      host('== versions: ok\nkmod: 34.2-2\n'),
    );
    checkRule(
      rule('cmdline/blacklist-dash'),
      'module_blacklist=«snd-hda-intel»',
      undefined,
      host('== versions: ok\nkmod: 34.2-2\n'),
    );
  });
});
