import { absentPf } from '../../../server/rules/sriov/absent-pf.ts';
import { pfWithoutDriver } from '../../../server/rules/sriov/pf-without-driver.ts';
import { rewriteNonzero } from '../../../server/rules/sriov/rewrite-nonzero.ts';
import { tooManyVfs } from '../../../server/rules/sriov/too-many-vfs.ts';
import { badMode } from '../../../server/rules/sysfs/bad-mode.ts';
import { carriageReturn } from '../../../server/rules/sysfs/carriage-return.ts';
import { escapesSys } from '../../../server/rules/sysfs/escapes-sys.ts';
import { packageMissing } from '../../../server/rules/sysfs/package-missing.ts';
import { syntax } from '../../../server/rules/sysfs/syntax.ts';
import { checkExamples, checkRule } from '../../support/check.ts';

const all = [
  absentPf,
  pfWithoutDriver,
  rewriteNonzero,
  tooManyVfs,
  badMode,
  carriageReturn,
  escapesSys,
  packageMissing,
  syntax,
];
const pve = (version: string): { host: string } => ({
  host: `hostpci snapshot 1\n== versions: ok\npve-manager: ${version}\n== end\n`,
});
const card = (facts: string): { host: string } => ({
  host: `hostpci snapshot 1\n== pci functions: ok\n0000:02:00.0\n  class: 0200\n  vendor: 8086\n  device: 1521\n${facts}== end\n`,
});
const pf = 'bus/pci/devices/0000:02:00.0/sriov_numvfs';

suite('sysfs rules', () => {
  for (const rule of all) test(`${rule.id}: its own examples`, () => checkExamples(rule));

  test('what only one release refuses is not reported where the release is not known', () => {
    const rule = syntax;
    for (const text of ['class/x/y v\n', 'class/x/y = a b\n', 'a=b=c\n', 'mode class/x/y = u+x,g-w\n'])
      checkRule(rule, text);
    checkRule(rule, '«class/x/y»\n');
    checkRule(rule, '«= 1» # c\n');
    checkRule(rule, 'class/x/y v\n', undefined, pve('8.4.1'));
    checkRule(rule, '«class/x/y v»\n', 'class/x/y = v\n', pve('9.1.1'));
    checkRule(rule, 'class/x/y = a b\n', undefined, pve('9.1.1'));
    checkRule(rule, '«foo class/x/y = 1»\n', undefined, pve('8.4.1'));
    checkRule(rule, '«mode» class/x/y\n', undefined, pve('8.4.1'));
    checkRule(rule, 'mode class/x/y = 0888\n');
  });

  test('a carriage return matters on Debian 12 only, and not in a comment', () => {
    checkRule(carriageReturn, 'class/x/y = 1\r\n', undefined, pve('9.1.1'));
    checkRule(carriageReturn, 'class/x/y = 1\r\n');
    checkRule(carriageReturn, '# a\r\n\r\nclass/x/y = 1 # b\r\n', undefined, pve('8.4.1'));
  });

  test('an unknown set of packages says nothing about sysfsutils', () => {
    checkRule(packageMissing, `${pf} = 4\n`, undefined, card(''));
    checkRule(packageMissing, '# nothing\n\n', undefined, {
      host: 'hostpci snapshot 1\n== packages: ok\nsysfsutils: none\n== end\n',
    });
  });

  test('the number of VFs is not judged without the card or its limit', () => {
    checkRule(tooManyVfs, `${pf} = 99\n`);
    checkRule(tooManyVfs, `${pf} = 99\n`, undefined, card(''));
    checkRule(
      tooManyVfs,
      'class/net/enp2s0/device/sriov_numvfs = «9»\n',
      undefined,
      card('  vf-total: 7\n  interfaces: enp2s0\n'),
    );
  });

  test('VFs of two files count together, in the order in which they are read', () => {
    checkRule(rewriteNonzero, `--- etc/sysfs.d/a.conf\n${pf} = «4»\n--- etc/sysfs.conf\n${pf} = 2\n`);
    checkRule(rewriteNonzero, `${pf} = 2\n${pf} = 0\n${pf} = 4\n`);
    checkRule(rewriteNonzero, `${pf} = 4\n${pf} = 4\n`);
    checkRule(rewriteNonzero, `${pf} = «4»\n`, undefined, card('  vf-count: 2\n'));
    checkRule(rewriteNonzero, `${pf} = 4\n`, undefined, card('  vf-count: 0\n'));
  });

  test('vfio-pci may make VFs where it was told to', () => {
    const bound = card('  driver: vfio-pci\n  vf-total: 7\n');
    checkRule(
      pfWithoutDriver,
      `--- etc/sysfs.conf\n${pf} = 4\n--- etc/modprobe.d/vfio.conf\noptions vfio-pci ids=8086:1521 enable_sriov=1\n`,
      undefined,
      bound,
    );
    checkRule(pfWithoutDriver, `«${pf}» = 4\n`, undefined, bound);
    checkRule(pfWithoutDriver, `${pf} = 4\n`, undefined, card('  vf-total: 7\n'));
  });
});
