import { offsetIn } from '../../syntax/wordLines.ts';
import { type Position, type Token, tokenTouches } from '../../text/span.ts';
import { listedWords, type Parameter, parametersOf, softdepOf } from './arguments.ts';
import { isAccepted, type ModprobeLine, type ModprobeTree, nodeAt, type ReadLine } from './tree.ts';
import { idEntries, isVfioPci } from './vfioIds.ts';

/** What stands at a place of a file. */
export type Slot = { readonly node: ModprobeLine; readonly token: Token } & (
  | { readonly kind: 'command' }
  | { readonly kind: 'module' }
  | { readonly kind: 'alias' }
  | { readonly kind: 'keyword' }
  | { readonly kind: 'parameter'; readonly parameter: Parameter }
  | { readonly kind: 'value'; readonly parameter: Parameter }
  | { readonly kind: 'id'; readonly parameter: Parameter }
);

/** `undefined` in comments, in commands for a shell, between words and in lines that kmod ignores. */
export function slotAt(tree: ModprobeTree, at: Position): Slot | undefined {
  const node = nodeAt(tree, at);
  const offset = offsetIn(node.line, at);
  if (node.kind !== 'comment' && node.command.text !== '' && tokenTouches(node.command, offset)) {
    return { kind: 'command', node, token: node.command };
  }
  if (!isAccepted(node)) return undefined;
  const module = modulesOf(node).find(token => tokenTouches(token, offset));
  if (module) return { kind: 'module', node, token: module };
  if (node.kind === 'alias' && tokenTouches(node.name, offset)) return { kind: 'alias', node, token: node.name };
  const keyword = softdepOf(node).keywords.find(token => tokenTouches(token, offset));
  if (keyword) return { kind: 'keyword', node, token: keyword };
  return parameterSlot(node, offset);
}

/** Every module that a line names, in order; the target `off` of an alias is none. */
export function modulesOf(node: ReadLine): readonly Token[] {
  if (!isAccepted(node)) return [];
  if (node.kind === 'alias') return node.rest.text === 'off' ? [] : [node.rest];
  if (node.kind === 'softdep') {
    const { pre, post } = softdepOf(node);
    return [node.name, ...pre, ...post];
  }
  return node.kind === 'weakdep' ? [node.name, ...listedWords(node)] : [node.name];
}

function parameterSlot(node: ModprobeLine, offset: number): Slot | undefined {
  const parameter = parametersOf(node).find(({ whole }) => tokenTouches(whole, offset));
  if (!parameter) return undefined;
  if (tokenTouches(parameter.name, offset)) return { kind: 'parameter', node, token: parameter.name, parameter };
  if (!parameter.hasEquals || !tokenTouches(parameter.value, offset)) return undefined;
  const isIds = parameter.name.text === 'ids' && isVfioPci(node);
  const id = isIds ? idEntries(parameter.value).find(({ token }) => tokenTouches(token, offset)) : undefined;
  if (id) return { kind: 'id', node, token: id.token, parameter };
  return { kind: 'value', node, token: parameter.value, parameter };
}
