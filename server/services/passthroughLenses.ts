import type { CodeLens } from 'vscode-languageserver-types';
import type { SourceFile } from '../languages/language.ts';
import { configOf } from '../languages/vmConf/config.ts';
import type { VmConf } from '../languages/vmConf/tree.ts';
import { vmConf } from '../languages/vmConf/vmConf.ts';
import { tokenSpan } from '../text/span.ts';
import { toRange } from './convert.ts';

/**
 * Above each `hostpciN` line that is in force: the way to the VM's readiness. Its state is not told here: it would have to be
 * worked out again at each keystroke.
 */
export function passthroughLenses(file: SourceFile): readonly CodeLens[] {
  if (file.place.language !== vmConf.id) return [];
  return configOf(file as SourceFile<VmConf>)
    .next.family('hostpci')
    .map(entry => ({
      range: toRange(tokenSpan(entry.line, entry.node.key)),
      command: {
        title: 'Check passthrough',
        command: 'hostpci.checkPassthrough',
        arguments: [{ kind: 'guest', uri: file.uri }],
      },
    }));
}
