import { aliasHexCase } from '../../../server/rules/modprobe/alias-hex-case.ts';
import { badBool } from '../../../server/rules/modprobe/bad-bool.ts';
import { blacklistIneffective } from '../../../server/rules/modprobe/blacklist-ineffective.ts';
import { blacklistMany } from '../../../server/rules/modprobe/blacklist-many.ts';
import { blacklistTooWide } from '../../../server/rules/modprobe/blacklist-too-wide.ts';
import { blacklistVsLxc } from '../../../server/rules/modprobe/blacklist-vs-lxc.ts';
import { carriageReturn } from '../../../server/rules/modprobe/carriage-return.ts';
import { disableVgaIgd } from '../../../server/rules/modprobe/disable-vga-igd.ts';
import { idsCatchHostDevice } from '../../../server/rules/modprobe/ids-catch-host-device.ts';
import { idsMultipleOptions } from '../../../server/rules/modprobe/ids-multiple-options.ts';
import { idsPartialFunction } from '../../../server/rules/modprobe/ids-partial-function.ts';
import { idsSeparator } from '../../../server/rules/modprobe/ids-separator.ts';
import { idsTooLong } from '../../../server/rules/modprobe/ids-too-long.ts';
import { idsUnknownDevice } from '../../../server/rules/modprobe/ids-unknown-device.ts';
import { inlineComment } from '../../../server/rules/modprobe/inline-comment.ts';
import { installIgnored } from '../../../server/rules/modprobe/install-ignored.ts';
import { notConf } from '../../../server/rules/modprobe/not-conf.ts';
import { oddName } from '../../../server/rules/modprobe/odd-name.ts';
import { optionsUnknownParam } from '../../../server/rules/modprobe/options-unknown-param.ts';
import { prefixedParam } from '../../../server/rules/modprobe/prefixed-param.ts';
import { singleQuotes } from '../../../server/rules/modprobe/single-quotes.ts';
import { softdepIncomplete } from '../../../server/rules/modprobe/softdep-incomplete.ts';
import { softdepInverted } from '../../../server/rules/modprobe/softdep-inverted.ts';
import { softdepMissingKeyword } from '../../../server/rules/modprobe/softdep-missing-keyword.ts';
import { softdepRepeated } from '../../../server/rules/modprobe/softdep-repeated.ts';
import { spacedEquals } from '../../../server/rules/modprobe/spaced-equals.ts';
import { swallowedLine } from '../../../server/rules/modprobe/swallowed-line.ts';
import { syntax } from '../../../server/rules/modprobe/syntax.ts';
import { unknownCommand } from '../../../server/rules/modprobe/unknown-command.ts';
import { unsafeInterrupts } from '../../../server/rules/modprobe/unsafe-interrupts.ts';
import { wildcardName } from '../../../server/rules/modprobe/wildcard-name.ts';
import type { Rule } from '../../../server/rules/rule.ts';
import { checkExamples, checkRule } from '../../support/check.ts';

const rules: readonly Rule[] = [
  aliasHexCase,
  badBool,
  blacklistIneffective,
  blacklistMany,
  blacklistTooWide,
  blacklistVsLxc,
  carriageReturn,
  disableVgaIgd,
  idsCatchHostDevice,
  idsMultipleOptions,
  idsPartialFunction,
  idsSeparator,
  idsTooLong,
  idsUnknownDevice,
  inlineComment,
  installIgnored,
  notConf,
  oddName,
  optionsUnknownParam,
  prefixedParam,
  singleQuotes,
  softdepIncomplete,
  softdepInverted,
  softdepMissingKeyword,
  softdepRepeated,
  spacedEquals,
  swallowedLine,
  syntax,
  unknownCommand,
  unsafeInterrupts,
  wildcardName,
];

suite('rules: modprobe', () => {
  for (const rule of rules) test(`${rule.id}: its own examples`, () => checkExamples(rule));

  test('not-conf: a text outside of such a directory, or not saved yet, has no name to mind', () => {
    checkRule(notConf, 'blacklist nouveau\n', undefined, { path: 'Untitled-1' });
    checkRule(notConf, 'blacklist nouveau\n', undefined, { path: 'etc/notes/blacklist.txt' });
  });
});
