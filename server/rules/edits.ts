import type { SourceFile } from '../languages/language.ts';
import type { Edit, FileEdit } from '../text/edit.ts';
import type { Fix } from './rule.ts';

/** A fix whose edits are all in one file. */
export const fixIn = (file: Pick<SourceFile, 'uri'>, title: string, ...edits: readonly Edit[]): Fix => ({
  title,
  edits: edits.map((edit): FileEdit => ({ uri: file.uri, ...edit })),
});

/** The same, for an edit that is right without a look. */
export const safeFixIn = (file: Pick<SourceFile, 'uri'>, title: string, ...edits: readonly Edit[]): Fix => ({
  ...fixIn(file, title, ...edits),
  safe: true,
});
