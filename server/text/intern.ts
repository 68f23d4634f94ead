import { Recent } from './recent.ts';

const known = new Recent<string>(2048);
const itself = (text: string): string => text;

/**
 * The same string for the same text: of names that stand in thousands of lines one is kept, and looking it up in a map
 * again takes no comparison of letters.
 */
export const intern = (text: string): string => known.get(text, itself);
