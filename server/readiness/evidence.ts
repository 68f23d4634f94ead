import type { GivenParameter } from '../languages/grub/variables.ts';
import type { SourceFile } from '../languages/language.ts';
import { type Span, span } from '../text/span.ts';
import type { World } from '../workspace/world.ts';
import type { Evidence } from './readiness.ts';

/** Something that the host said. */
export const fact = (text: string): Evidence => ({ text });

/** `modprobe.d/vfio.conf`, `qemu-server/101.conf`: a file as people speak of it, without the node's name. */
export const shortPath = (path: string): string =>
  path.replace(/^\/etc\/pve\/nodes\/[^/]+\//, '').replace(/^\/etc\/(?:pve\/)?/, '');

/** A whole line of a file, with its place in front. */
export function lineOf(file: SourceFile, line: number): Evidence {
  const text = file.lines[line] ?? '';
  const start = text.length - text.trimStart().length;
  return inFile(file, span(line, start, text.trimEnd().length), text.trim());
}

/** Words about a stretch of a file. */
export const inFile = (file: SourceFile, where: Span, text: string): Evidence => ({
  text: `${shortPath(file.place.path)}:${where.line + 1}: ${text}`,
  uri: file.uri,
  span: where,
});

/** A kernel parameter where it is given. */
export function parameterOf(world: World, { parameter, uri }: GivenParameter): Evidence {
  const file = world.files.get(uri);
  return file ? inFile(file, parameter.whole.span, parameter.whole.text) : fact(parameter.whole.text);
}
