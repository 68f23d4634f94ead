import type { SemanticTokenType } from '../languages/language.ts';

/** The legend that `semanticTokens` counts by. */
export const tokenTypes: readonly SemanticTokenType[] = [
  'property',
  'enumMember',
  'number',
  'string',
  'keyword',
  'comment',
  'variable',
];
export const tokenModifiers = ['deprecated', 'readonly'] as const;
