import { byteOrderMark } from '../../../server/rules/modules/byte-order-mark.ts';
import { duplicate } from '../../../server/rules/modules/duplicate.ts';
import { inlineOption } from '../../../server/rules/modules/inline-option.ts';
import { typo } from '../../../server/rules/modules/typo.ts';
import { vfioOrder } from '../../../server/rules/modules/vfio-order.ts';
import { vfioVirqfdObsolete } from '../../../server/rules/modules/vfio-virqfd-obsolete.ts';
import type { Rule } from '../../../server/rules/rule.ts';
import { checkExamples } from '../../support/check.ts';

const rules: readonly Rule[] = [byteOrderMark, duplicate, inlineOption, typo, vfioOrder, vfioVirqfdObsolete];

suite('rules: modules', () => {
  for (const rule of rules) test(`${rule.id}: its own examples`, () => checkExamples(rule));
});
