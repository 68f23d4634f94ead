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
});
