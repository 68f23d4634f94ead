import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { filesInOrder, readConfig } from '../../../server/languages/modprobe/config.ts';
import { type Load, loadsOf } from '../../../server/languages/modprobe/effective.ts';
import { kernelModules } from '../../../server/languages/modprobe/kernelModules.ts';
import { parseModprobe } from '../../../server/languages/modprobe/tree.ts';
import { toLines } from '../../../server/text/lines.ts';
import { library } from '../../support/check.ts';

interface Case {
  readonly id: string;
  readonly files: Readonly<Record<string, string>>;
  readonly queries: readonly { readonly args: readonly string[]; readonly loads: readonly (readonly string[])[] }[];
}

const cases = readFileSync(new URL('../../verdicts/modprobe-effective.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Case);

const modules = kernelModules(library);

/** As the recorded output has it: the command and its options in one, with the blank between them where both are. */
const recorded = ({ action, module, command, options }: Load): readonly string[] =>
  action === 'install' ? [action, `${command} ${options}`.trim()] : [action, module, options];

suite('what modprobe would load', () => {
  test('the same as kmod 30 with a kernel 6.1, step by step', () => {
    assert.ok(modules);
    for (const { id, files, queries } of cases) {
      const all = Object.entries(files).map(([name, text]) => ({
        path: `/etc/modprobe.d/${name}`,
        tree: parseModprobe(toLines(text)),
      }));
      const config = readConfig(filesInOrder(all), 30);
      for (const { args, loads } of queries) {
        const request = { name: args.at(-1) ?? '', applyBlacklist: args.includes('-b') };
        const found: readonly (readonly string[])[] = loadsOf(request, config, modules).map(recorded);
        assert.deepEqual(found, loads, `${id} ${args.join(' ')} ${JSON.stringify(files)}`);
      }
    }
  });

  test('what kmod 30 and 34.2 did with lines of our own', () => {
    assert.ok(modules);
    const own: readonly (readonly [text: string, name: string, loads: readonly string[]])[] = [
      ['softdep dm? pre: dca\n', 'dmi', []],
      ['softdep dc* pre: i2c-algo-bit\n', 'dca', ['i2c_algo_bit', 'dca']],
      ['install dc* /bin/false\n', 'dca', ['/bin/false']],
      ['options dc* x=1\nblacklist dc*\n', 'dca', ['dca']],
      ['alias my-gpu dca\nalias my* i2c-algo-bit\n', 'my_gpu', ['dca', 'i2c_algo_bit']],
      ['alias dca off\n', 'dca', []],
      ['alias foo bar\nalias bar dca\n', 'foo', []],
      ['install foo /bin/x\n', 'foo', ['/bin/x']],
      ['install foo* /bin/x\n', 'foo2', []],
      ['remove crct10dif /bin/true\n', 'crct10dif', []],
      ['softdep foo* pre: dca\nremove foo /bin/true\n', 'foo', ['dca']],
      ['install i2c_algo_bit /bin/false\n', 'igb', ['/bin/false', 'dca', 'igb']],
      ['softdep dca  pre: i2c-algo-bit\n', 'dca', ['dca']],
    ];
    for (const [text, name, loads] of own) {
      const files = [{ path: '/etc/modprobe.d/a.conf', tree: parseModprobe(toLines(text)) }];
      const found = loadsOf({ name, applyBlacklist: false }, readConfig(files, 30), modules);
      assert.deepEqual(
        found.map(({ action, command, module }) => (action === 'install' ? command : module)),
        loads,
        text,
      );
    }
  });
});
