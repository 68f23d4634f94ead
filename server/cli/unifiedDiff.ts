import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** A diff that `patch -p1` and `git apply` take. */
export function unifiedDiff(name: string, before: string, after: string): string {
  const path = name.replaceAll('\\', '/').replace(/^\/+/, '');
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
