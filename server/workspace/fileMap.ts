import type { SourceFile } from '../languages/language.ts';

/** Copying this many entries at a keystroke is nothing; with more the map is laid down anew. */
const most = 64;

/**
 * Files by URI. It never changes: `with` makes another one that shares everything with this one but a short list of
 * changes, so that a keystroke costs the same among ten thousand files as among ten, and so that which files differ
 * between two maps can be told without looking at all of them.
 */
export class FileMap implements ReadonlyMap<string, SourceFile> {
  readonly base: ReadonlyMap<string, SourceFile>;
  /** What is otherwise than in the base; `undefined` for a file that is gone. */
  readonly changes: ReadonlyMap<string, SourceFile | undefined>;
  readonly size: number;

  constructor(base: ReadonlyMap<string, SourceFile>, changes: ReadonlyMap<string, SourceFile | undefined> = new Map()) {
    this.base = base;
    this.changes = changes;
    let size = base.size;
    for (const [uri, file] of changes) size += (file ? 1 : 0) - (base.has(uri) ? 1 : 0);
    this.size = size;
  }

  /** Any map of files as one that others can be made of. */
  static of(files: ReadonlyMap<string, SourceFile>): FileMap {
    return files instanceof FileMap ? files : new FileMap(files);
  }

  /** The map with other files in place of those of the same URI; `undefined` takes one out. */
  with(entries: Iterable<readonly [uri: string, file: SourceFile | undefined]>): FileMap {
    const changes = new Map([...this.changes, ...entries]);
    const changed = new FileMap(this.base, changes);
    return changes.size <= most ? changed : new FileMap(new Map(changed));
  }

  get(uri: string): SourceFile | undefined {
    return this.changes.has(uri) ? this.changes.get(uri) : this.base.get(uri);
  }

  has(uri: string): boolean {
    return this.get(uri) !== undefined;
  }

  *entries(): MapIterator<[string, SourceFile]> {
    for (const [uri, file] of this.base) {
      const now = this.changes.has(uri) ? this.changes.get(uri) : file;
      if (now) yield [uri, now];
    }
    for (const [uri, file] of this.changes) if (file && !this.base.has(uri)) yield [uri, file];
  }

  *keys(): MapIterator<string> {
    for (const [uri] of this.entries()) yield uri;
  }

  *values(): MapIterator<SourceFile> {
    for (const [, file] of this.entries()) yield file;
  }

  [Symbol.iterator](): MapIterator<[string, SourceFile]> {
    return this.entries();
  }

  forEach(visit: (file: SourceFile, uri: string, map: ReadonlyMap<string, SourceFile>) => void): void {
    for (const [uri, file] of this.entries()) visit(file, uri, this);
  }
}
