import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { IGrammar, IToken } from 'vscode-textmate';
import { grammars, languages, lineStarts, load, read, searchesIn, tokens, units } from '../support/grammars.ts';
import { type GeneratedLanguage, grammarText } from '../tools/makeGrammars.mts';

/** What the files in test/grammar cannot say: that the grammars keep step with the schema, the real reader and long lines. */

suite('the grammars', () => {
  for (const id of ['pve-vm-conf', 'pve-ct-conf'] as const satisfies readonly GeneratedLanguage[]) {
    test(`${id} is what test/tools/makeGrammars.mts makes of the schema`, () => {
      assert.ok(read(`syntaxes/${id}.tmLanguage.json`) === grammarText(id), 'run: npx tsx test/tools/makeGrammars.mts');
    });
  }

  test('every file in syntaxes is in the manifest, and names its scopes after its language', () => {
    const declared = [...grammars.map(one => one.path), ...languages.map(one => one.configuration)];
    for (const name of readdirSync(new URL('../../syntaxes', import.meta.url)))
      assert.ok(declared.includes(`./syntaxes/${name}`), name);
    for (const { path, scopeName, language } of grammars) {
      const suffix = language ?? 'shell';
      const scopes = [...read(path).matchAll(/"(?:contentName|name)": "([a-z-]+(?:\.[a-z-]+)+(?: [a-z.-]+)?)"/g)];
      const strange = scopes.map(found => found[1] as string).filter(name => !name.endsWith(`.${suffix}`));
      assert.deepEqual(strange, [], path);
      assert.equal((JSON.parse(read(path)) as { scopeName: string }).scopeName, scopeName);
    }
  });

  test('a VM key is painted exactly where the reader looks at the line', async () => {
    const grammar = await load('source.pve-vm-conf');
    const wrong: string[] = [];
    let checked = 0;
    for (const line of read('test/verdicts/vm-conf.jsonl').trimEnd().split('\n')) {
      const { text, verdict } = JSON.parse(line) as Snippet;
      const painted = tokens(grammar, text).map(isKey);
      for (const one of verdict.lines) {
        const wanted = wantsKey(one, text.split('\n')[one.line - 1] ?? '');
        if (wanted === undefined) continue;
        checked++;
        if (painted[one.line - 1] !== wanted) wrong.push(`${one.status}: ${text.split('\n')[one.line - 1]}`);
      }
    }
    assert.ok(checked > 5000, `${checked}`);
    // The reader finds `snapstate:` anywhere in a line; nobody writes that, and it would cost every line a search.
    assert.deepEqual(wrong, ['accepted: dscription: snapstate: prepare']);
  });

  test('a modprobe command is painted exactly where kmod takes the line', async () => {
    const grammar = await load('source.modprobe');
    const wrong: string[] = [];
    let checked = 0;
    for (const line of read('test/verdicts/modprobe.jsonl').trimEnd().split('\n')) {
      const { files, kmod30 } = JSON.parse(line) as ModprobeSnippet;
      for (const [name, verdicts] of Object.entries(kmod30.lines)) {
        const text = files[name];
        if (typeof text !== 'string' || typeof verdicts === 'string') continue;
        const painted = tokens(grammar, text).map(isCommand);
        for (const { from, verdict } of verdicts) {
          const source = text.split('\n')[from - 1] ?? '';
          // Words cut in two by a line's end, odd brackets, and what only the next kmod knows are not worth an expression.
          if (verdict === 'ignored' || /[\\[\]]|^\s*weakdep|\r/.test(source)) continue;
          checked++;
          if (painted[from - 1] !== (verdict === 'accepted')) wrong.push(`${verdict}: ${source}`);
        }
      }
    }
    assert.ok(checked > 1500, `${checked}`);
    assert.deepEqual(wrong, []);
  });

  for (const [scopeName, starts] of Object.entries(lineStarts)) {
    test(`${scopeName} does work in proportion to the length of a line`, async () => {
      const grammar = await load(scopeName);
      const slow = starts.flatMap(start =>
        units.filter(unit => isSlow(grammar, start, unit)).map(unit => start + unit),
      );
      assert.deepEqual(slow, []);
    });
  }

  test('word patterns take whole names and addresses', () => {
    assert.deepEqual(words('pve-vm-conf', 'hostpci0: 0000:01:00.0,pcie=1,x-vga=1'), [
      'hostpci0',
      '0000:01:00.0',
      'pcie',
      '1',
      'x-vga',
      '1',
    ]);
    assert.deepEqual(words('pve-vm-conf', 'hostpci1: 01:00;01:00.1,mdev=nvidia-63'), [
      'hostpci1',
      ...['01:00', '01:00.1', 'mdev', 'nvidia-63'],
    ]);
    assert.deepEqual(words('pve-vm-conf', 'net0: virtio=BC:24:11:5A:0C:3E,bridge=vmbr0'), [
      ...['net0', 'virtio', 'BC:24:11:5A:0C:3E', 'bridge', 'vmbr0'],
    ]);
    assert.deepEqual(words('modprobe', 'softdep snd_hda_intel pre: vfio-pci'), [
      ...['softdep', 'snd_hda_intel', 'pre:', 'vfio-pci'],
    ]);
    assert.deepEqual(words('modprobe', 'options vfio-pci ids=10de:2584,10de:2291'), [
      ...['options', 'vfio-pci', 'ids', '10de:2584', '10de:2291'],
    ]);
    assert.deepEqual(words('kernel-cmdline', 'vfio-pci.ids=10de:2584 iommu=pt'), [
      ...['vfio-pci.ids', '10de:2584', 'iommu', 'pt'],
    ]);
    assert.deepEqual(words('pve-mapping', '\tmap id=8086:1539,path=0000:03:00.0;0000:04:00'), [
      ...['map', 'id', '8086:1539', 'path', '0000:03:00.0', '0000:04:00'],
    ]);
  });
});

interface ModprobeSnippet {
  readonly files: Readonly<Record<string, unknown>>;
  readonly kmod30: {
    readonly lines: Readonly<Record<string, 'file-not-read' | readonly { from: number; verdict: string }[]>>;
  };
}

interface Verdict {
  readonly line: number;
  readonly status: string;
  readonly reasons?: readonly { code: string }[];
}

interface Snippet {
  readonly text: string;
  readonly verdict: { readonly lines: readonly Verdict[] };
}

/**
 * A line that the reader takes has its key painted, unless it is a note. One that it cannot read at all, whose key it does
 * not know, or whose plain value is of another type, has not; neither has what an unknown section holds.
 * What is wrong inside a property string does not decide about the key.
 */
function wantsKey({ status, reasons = [] }: Verdict, line: string): boolean | undefined {
  if (status === 'accepted') return line.startsWith('#') ? undefined : true;
  if (status === 'ignored') return false;
  const outright = reasons.every(({ code }) => code === 'syntax' || code === 'unknown-key' || code.startsWith('type-'));
  return status === 'rejected' && outright ? false : undefined;
}

const isKey = (line: readonly IToken[]): boolean => line[0]?.scopes.includes('entity.name.tag.pve-vm-conf') ?? false;

const isCommand = (line: readonly IToken[]): boolean =>
  line.some(token => token.scopes.includes('keyword.other.command.modprobe'));

/** Four times the length is about four times the work; sixteen times the work would be quadratic. */
function isSlow(grammar: IGrammar, start: string, unit: string): boolean {
  const work = (length: number): number => searchesIn(grammar, start + unit.repeat(Math.ceil(length / unit.length)));
  return work(4000) > 8 * Math.max(work(1000), 20);
}

/** The words of a line, as a double click takes them. */
function words(language: string, line: string): readonly string[] {
  const configuration = languages.find(one => one.id === language)?.configuration ?? '';
  const { wordPattern } = JSON.parse(read(configuration)) as { wordPattern: string };
  return [...line.matchAll(new RegExp(wordPattern, 'g'))].map(found => found[0]);
}
