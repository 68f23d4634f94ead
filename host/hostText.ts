import type { Inventory } from './inventory.ts';
import { parseListing } from './listing.ts';
import { isSnapshot, parseSnapshot } from './snapshot.ts';

/** What a text says of a host, be it a snapshot or a listing that somebody pasted. Never throws; see `gaps`. */
export const readHostText = (text: string): Inventory => (isSnapshot(text) ? parseSnapshot(text) : parseListing(text));
