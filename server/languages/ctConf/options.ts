import { type FoundFamily, type FoundOption, familyIn, optionIn } from '../vmConf/schema.ts';
import { ctTable } from './ctTable.generated.ts';

const found = new Map<string, FoundOption | undefined>();

/** What a key means, or `undefined`: no leading zeros in an index, nothing above the family's last one. */
export function ctOption(key: string): FoundOption | undefined {
  if (!found.has(key)) {
    if (found.size > 4096) found.clear();
    found.set(key, optionIn(ctTable, key));
  }
  return found.get(key);
}

/** The family that a key is meant to belong to (`dev` for `dev`, `dev07`, `dev999`). */
export const ctFamily = (key: string): FoundFamily | undefined => familyIn(ctTable, key);
