import { type CodeAction, CodeActionKind } from 'vscode-languageserver-types';
import type { Refactoring, SourceFile } from '../languages/language.ts';
import { combine, overlaps, safeFixOf } from '../rules/fixes.ts';
import type { Fix, Report } from '../rules/rule.ts';
import type { Span } from '../text/span.ts';
import { type FileVersions, toCodeAction, toWorkspaceEdit } from './convert.ts';

/** Quick fixes for the findings in a stretch, one "fix all" for each rule that has several, and refactorings. */
export function codeActions(
  file: SourceFile,
  where: Span,
  reports: readonly Report[],
  refactorings: readonly Refactoring[],
  versions: FileVersions,
): readonly CodeAction[] {
  const here = reports.filter(report => overlaps(report.span, where));
  const fixes = here.flatMap(report =>
    (report.fixes ?? []).map((fix, index) => toCodeAction(report, fix, versions, index === 0)),
  );
  const rules = new Set(here.map(report => report.rule));
  const all = [...rules].flatMap(rule => fixAllOfRule(rule, reports, versions));
  return [...fixes, ...all, ...refactorings.map(one => toRefactoring(file, one, versions))];
}

/** Every safe fix of the file at once, for "fix all" on save; nothing where there is none. */
export function fixAll(reports: readonly Report[], versions: FileVersions): readonly CodeAction[] {
  const edits = combine(reports.flatMap(report => safeFixOf(report) ?? []));
  if (edits.length === 0) return [];
  return [
    {
      title: 'Fix all that is safe to fix',
      kind: `${CodeActionKind.SourceFixAll}.hostpci`,
      edit: toWorkspaceEdit(edits, versions),
    },
  ];
}

function fixAllOfRule(rule: string, reports: readonly Report[], versions: FileVersions): readonly CodeAction[] {
  const fixable = reports.filter(report => report.rule === rule && report.fixes?.length);
  if (fixable.length < 2) return [];
  const edits = combine(fixable.map(report => report.fixes?.[0] as Fix));
  return [
    {
      title: `Fix all ${fixable.length} of ${rule} in this file`,
      kind: CodeActionKind.QuickFix,
      edit: toWorkspaceEdit(edits, versions),
    },
  ];
}

const kinds: Record<Refactoring['kind'], string> = {
  rewrite: CodeActionKind.RefactorRewrite,
  move: 'refactor.move',
  sort: `${CodeActionKind.RefactorRewrite}.sort`,
};

const toRefactoring = (file: SourceFile, one: Refactoring, versions: FileVersions): CodeAction => ({
  title: one.title,
  kind: kinds[one.kind],
  edit: toWorkspaceEdit(
    one.edits.map(edit => ({ ...edit, uri: file.uri })),
    versions,
  ),
});
