import assert from 'node:assert/strict';
import { emptyInventory } from '../../../host/inventory.ts';
import { readConfig } from '../../../server/languages/modprobe/config.ts';
import { loadsOf } from '../../../server/languages/modprobe/effective.ts';
import { kernelModules } from '../../../server/languages/modprobe/kernelModules.ts';
import { modprobe } from '../../../server/languages/modprobe/modprobe.ts';
import { parseModprobe } from '../../../server/languages/modprobe/tree.ts';
import { carriageReturn } from '../../../server/rules/modprobe/carriage-return.ts';
import { unknownCommand } from '../../../server/rules/modprobe/unknown-command.ts';
import { toLines } from '../../../server/text/lines.ts';
import { checkRule, library } from '../../support/check.ts';

/* What comparing with kmod 30 (modprobe -c and -D with a kernel 6.1) on generated files brought to light. */

suite('modprobe.d beside the real kmod', () => {
  test('a name that only an install line has gets that line, not an earlier pattern', () => {
    const modules = kernelModules(library);
    assert.ok(modules);
    const commandsOf = (text: string, name: string): readonly string[] => {
      const config = readConfig([{ path: '/etc/modprobe.d/a.conf', tree: parseModprobe(toLines(text)) }], 30);
      return loadsOf({ name, applyBlacklist: false }, config, modules).map(one => one.command);
    };
    const text = 'install my* /bin/one\ninstall mygpu /bin/two\ninstall dca /bin/three\ninstall d* /bin/four\n';
    assert.deepEqual(commandsOf(text, 'mygpu'), ['/bin/two']);
    assert.deepEqual(commandsOf(`${text}alias foo mygpu\n`, 'foo'), ['/bin/one']);
    assert.deepEqual(commandsOf(text, 'dca'), ['/bin/three']);
    assert.deepEqual(commandsOf(`install d* /bin/four\n${text}`, 'dca'), ['/bin/four']);
  });

  test('a last line of nothing but a backslash is marked where it stands', () => {
    const host = { ...emptyInventory, versions: { ...emptyInventory.versions, kmod: '30+20221128-1' } };
    checkRule(unknownCommand, 'blacklist a\n«\\»', undefined, { host });
  });

  test('a carriage return that is a word of its own is marked with the word before it', () => {
    const [report] = checkRule(carriageReturn, 'remove «vfio_pci  »\r\n', undefined, { language: modprobe });
    assert.match(report?.message ?? '', /a word of its own/);
  });
});
