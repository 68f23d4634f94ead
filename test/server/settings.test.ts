import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLanguageService, type Feature, type LanguageService, switchable } from '../../server/languageService.ts';
import { nodeFiles, nodeLibrary } from '../../server/nodeFiles.ts';
import { readSettings } from '../../server/settings.ts';

/** Every feature works on the demo site, and a setting of its own switches it off. */

const root = new URL('../../', import.meta.url);
const uriOf = (path: string): string => new URL(`test/sites/demo/${path}`, root).href;
const vm = uriOf('etc/pve/nodes/pve1/qemu-server/100.conf');
const grub = uriOf('etc/default/grub');
const mapping = uriOf('etc/pve/mapping/pci.cfg');
const text = readFileSync(new URL(vm), 'utf8');

const at = (part: string, offset = 0) => {
  const lines = text.split('\n');
  const line = lines.findIndex(one => one.includes(part));
  return { line, character: (lines[line] as string).indexOf(part) + offset };
};
const name = at('mapping=nic', 9);
const value = at('discard=on', 8);
const whole = { start: { line: 0, character: 0 }, end: { line: 40, character: 0 } };

/** What each feature answers on the demo site; nothing is an empty list, null or a refusal in words. */
const answers: Record<Feature, (service: LanguageService) => unknown> = {
  codeActions: service => [...service.codeActions(vm, whole), ...service.fixAll(vm)],
  codeLens: service => service.codeLenses(uriOf('etc/pve/nodes/pve1/qemu-server/103.conf')),
  completion: service => service.complete(vm, value).items,
  definition: service => service.definition(vm, name),
  diagnostics: service => service.diagnostics(vm),
  folding: service => service.folds(vm),
  formatting: service => service.formatting(vm),
  highlights: service => service.highlights(vm, name),
  hover: service => service.hover(vm, value),
  inlayHints: service => service.inlayHints(vm),
  links: service => service.links(vm),
  references: service => service.references(mapping, { line: 4, character: 1 }, false),
  rename: service => [service.prepareRename(vm, name), service.rename(vm, name, 'lan')].filter(isSomething),
  selectionRanges: service => service.selectionRanges(vm, [value]),
  semanticTokens: service => service.semanticTokens(grub).data,
  signatureHelp: service => service.signatureHelp(vm, value),
  symbols: service => service.symbols(vm),
};

const isSomething = (answer: unknown): boolean =>
  Array.isArray(answer) ? answer.length > 0 : answer !== null && typeof answer !== 'string';

suite('settings', () => {
  let service: LanguageService;

  suiteSetup(async () => {
    service = createLanguageService({
      files: nodeFiles(),
      library: nodeLibrary(fileURLToPath(new URL('server/data', root)), assert.fail),
      log: { error: assert.fail },
    });
    await service.open(vm, 'pve-vm-conf', 1, text);
    for (const uri of [mapping, grub]) await service.open(uri, '', 1, readFileSync(new URL(uri), 'utf8'));
  });

  for (const feature of switchable) {
    test(`${feature} works, and its setting switches it off`, async () => {
      service.configure(await readSettings({}));
      assert.ok(isSomething(answers[feature](service)), 'on by default');
      service.configure(await readSettings({ [feature]: { enabled: false } }));
      assert.ok(!isSomething(answers[feature](service)), 'off');
      for (const other of switchable.filter(one => one !== feature)) {
        assert.ok(isSomething(answers[other](service)), `${other} stays on`);
      }
    });
  }

  test('what explains a parameter is Markdown, as in a hover', async () => {
    service.configure(await readSettings({}));
    const documentation = service.signatureHelp(vm, value)?.signatures[0]?.documentation;
    assert.ok(typeof documentation === 'object' && documentation.kind === 'markdown');
  });

  test('the manifest has exactly these switches', () => {
    const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    const declared = Object.keys(manifest.contributes.configuration.properties)
      .map(key => /^hostpci\.(\w+)\.enabled$/.exec(key)?.[1])
      .filter(key => key !== undefined);
    assert.deepEqual(declared.sort(), [...switchable].sort());
  });

  test('what is of the wrong type switches nothing off', async () => {
    for (const sent of [undefined, null, 'x', { hover: 'no' }, { hover: { enabled: 'false' } }]) {
      assert.equal((await readSettings(sent)).off.size, 0);
    }
  });
});
