/** All that the server knows of disks. Absent things are `undefined` or an empty list, not exceptions. */
export interface FileSystem {
  /** The text of a file; `undefined` where there is none or it cannot be read. */
  read(uri: string): Promise<string | undefined>;
  /** Names in a directory, a slash behind those of directories; sorted. */
  list(directory: string): Promise<readonly string[]>;
}
