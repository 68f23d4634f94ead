import type { Token } from '../../text/span.ts';
import type { Reason } from './reading.ts';
import { compiled } from './readProperties.ts';
import type { OptionSchema } from './schema.ts';

/**
 * Lists, limits and patterns of a top-level option that only the API looks at: the reader takes any value of the basic
 * type. Proxmox's own bookkeeping is left out.
 */
export function uncheckedFaults(value: Token, schema: OptionSchema): readonly Reason[] {
  if (schema.internal) return [];
  const text = value.text.replace(/^"([^\n]*)"$/, '$1');
  if (schema.enum && !schema.enum.includes(text)) {
    return [{ code: 'unchecked-enum', token: value, fault: `is none of ${schema.enum.join(', ')}` }];
  }
  if (schema.pattern !== undefined && !compiled(schema.pattern).test(text)) {
    return [
      { code: 'unchecked-pattern', token: value, fault: `is not ${schema.typetext ?? 'of the form it must have'}` },
    ];
  }
  const limit = schema.type === 'string' ? undefined : limitFault(Number(text), schema);
  return limit === undefined ? [] : [{ code: 'unchecked-range', token: value, fault: limit }];
}

function limitFault(number: number, schema: OptionSchema): string | undefined {
  if (schema.maximum !== undefined && number > schema.maximum) return `is above ${schema.maximum}`;
  if (schema.minimum !== undefined && number < schema.minimum) return `is below ${schema.minimum}`;
  return undefined;
}
