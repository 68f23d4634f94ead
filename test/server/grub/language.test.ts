import assert from 'node:assert/strict';
import { grub } from '../../../server/languages/grub/grub.ts';
import { parseGrub } from '../../../server/languages/grub/tree.ts';
import { grubCommandLine } from '../../../server/languages/grub/variables.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import { fromLines, textOf, toLines } from '../../../server/text/lines.ts';
import { around, checkCompletion, checkHover, openSite } from '../../support/check.ts';

/** The kernel line that files give, and whether that is certain. */
function lineOf(files: Record<string, string>): readonly [string, boolean] {
  const sources = Object.entries(files).map(([path, text]) => {
    const lines = toLines(text);
    const place = { language: grub.id, root: '', path: `/etc/default/${path}`, node: undefined, vmid: undefined };
    return { uri: path, place, lines, tree: parseGrub(lines) };
  });
  const { parameters, certain } = grubCommandLine(sources);
  return [parameters.map(({ parameter }) => parameter.whole.text).join(' '), certain];
}

suite('GRUB settings: what reaches the kernel', () => {
  test('GRUB_CMDLINE_LINUX comes first', () => {
    assert.deepEqual(lineOf({ grub: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="iommu=pt"\n' }), [
      'iommu=pt quiet',
      true,
    ]);
  });

  test('the last assignment wins, grub.d comes after grub, by name', () => {
    const files = {
      'grub.d/90-z.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT c"\n',
      'grub.d/10-a.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT="b"\n',
      grub: 'GRUB_CMDLINE_LINUX_DEFAULT="a"\n',
    };
    assert.deepEqual(lineOf(files), ['b c', true]);
  });

  test('other variables are followed; what only a run can tell makes it uncertain', () => {
    assert.deepEqual(lineOf({ grub: 'EXTRA="iommu=pt a"\nGRUB_CMDLINE_LINUX="x $EXTRA"\n' }), ['x iommu=pt a', true]);
    assert.deepEqual(lineOf({ grub: 'GRUB_CMDLINE_LINUX="x $NOSUCH $(date)"\n' }), ['x', false]);
    assert.deepEqual(lineOf({ grub: 'GRUB_CMDLINE_LINUX="x"\nif a; then GRUB_CMDLINE_LINUX="y"; fi\n' }), ['x', false]);
    assert.deepEqual(lineOf({ grub: 'GRUB_CMDLINE_LINUX="x\ny"\n' })[1], false);
    assert.deepEqual(lineOf({ grub: 'GRUB_CMDLINE_LINUX="x\nGRUB_TIMEOUT=5\n' })[1], false);
  });
});

suite('GRUB settings in the editor', () => {
  test('parameters between the quotes of the variables that hold them', () => {
    checkCompletion(grub, 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet ¦"\n', {
      has: [{ label: 'intel_iommu', resultText: 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu="\n' }],
      hasNot: ['quiet'],
    });
    checkCompletion(grub, "GRUB_CMDLINE_LINUX='iommu=¦'\n", {
      has: [{ label: 'pt', resultText: "GRUB_CMDLINE_LINUX='iommu=pt'\n" }],
    });
    checkCompletion(grub, 'GRUB_CMDLINE_LINUX=¦\n', { has: ['iommu'] });
    checkCompletion(grub, 'GRUB_CMDLINE_LINUX="¦', { has: ['iommu'] });
    checkCompletion(grub, 'GRUB_CMDLINE_LINUX="a \\\n  pcie_aspm=¦"\n', { order: ['off', 'force'] });
  });

  test('nothing anywhere else, but for the variables at the start of a line', () => {
    checkCompletion(grub, 'GRUB_TIMEOUT="¦"\n', { count: 0 });
    checkCompletion(grub, '# GRUB¦\n', { count: 0 });
    checkCompletion(grub, 'GRUB_CMDLINE_LINUX_DEFAULT="$X¦"\n', { count: 0 });
    checkCompletion(grub, 'GRUB_TIMEOUT=5\n¦\n', {
      order: ['GRUB_CMDLINE_LINUX', 'GRUB_CMDLINE_LINUX_DEFAULT'],
      has: [{ label: 'GRUB_CMDLINE_LINUX', resultText: 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX="$1"\n' }],
    });
  });

  test('hover: variables and parameters, in continued lines too', () => {
    checkHover(grub, '«GRUB_CMDLINE_LIN¦UX»=""\n', [/recovery included/, /update-grub/]);
    checkHover(grub, 'GRUB_CMDLINE_LINUX="a \\\n  «pcie_as¦pm»=off"\n', [/PCIe links/]);
    checkHover(grub, 'GRUB_TIME¦OUT=5\n', undefined);
  });

  test('outline: variables with their parameters', () => {
    const site = openSite('GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet iommu=pt"\n', { language: grub });
    const symbols = grub.symbols?.(site.file as never) ?? [];
    assert.deepEqual(
      symbols.map(({ name, detail, children }) => [name, detail, children?.map(child => child.name)]),
      [
        ['GRUB_TIMEOUT', '5', undefined],
        ['GRUB_CMDLINE_LINUX_DEFAULT', undefined, ['quiet', 'iommu']],
      ],
    );
  });

  test('colours: names and values of parameters, nothing of the shell', () => {
    const text = 'GRUB_CMDLINE_LINUX="quiet hugepages=16 iommu=pt $X" # c\n';
    const site = openSite(text, { language: grub });
    const tokens = grub.semanticTokens?.(site.file as never) ?? [];
    assert.deepEqual(
      tokens.map(({ span, type }) => [textOf(site.file.lines, span), type]),
      [
        ['quiet', 'property'],
        ['hugepages', 'property'],
        ['16', 'number'],
        ['iommu', 'property'],
        ['pt', 'enumMember'],
      ],
    );
  });

  test('comment blocks fold', () => {
    const site = openSite('# a\n# b\n# c\nGRUB_TIMEOUT=5\n# d\n\n# e\n# f', { language: grub });
    assert.deepEqual(grub.folds?.(site.file as never), [
      { from: 0, to: 2, kind: 'comment' },
      { from: 6, to: 7, kind: 'comment' },
    ]);
  });

  test('a device that is dropped here goes into the variable of normal entries, quoted as that wants it', () => {
    const host =
      'hostpci snapshot 1\n== pci functions: ok\n0000:01:00.0\n  class: 0300\n  vendor: 10de\n  device: 1b80\n== end\n';
    const take = (text: string): string => {
      const site = openSite(text, { language: grub, host });
      const edits =
        grub.takeDevices?.(site.file as never, { line: 0, column: 0 }, ['0000:01:00.0'], around(site)) ?? [];
      return fromLines(applyEdits(site.file.lines, edits));
    };
    assert.equal(
      take('GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n'),
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet vfio-pci.ids=10de:1b80"\nGRUB_CMDLINE_LINUX=""\n',
    );
    assert.equal(
      take('GRUB_CMDLINE_LINUX_DEFAULT=quiet\n'),
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet vfio-pci.ids=10de:1b80"\n',
    );
    assert.equal(take("GRUB_CMDLINE_LINUX=''\n"), "GRUB_CMDLINE_LINUX='vfio-pci.ids=10de:1b80'\n");
    assert.equal(take('GRUB_TIMEOUT=5\n'), 'GRUB_TIMEOUT=5\n');
  });
});
