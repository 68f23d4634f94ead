import * as vscode from 'vscode';

/** One thing to ask for. */
export type Question<Answers> = PickQuestion<Answers> | TextQuestion<Answers>;

interface Base<Answers> {
  readonly placeholder: string;
  /** Keeps the answer. */
  readonly answer: (answers: Answers, value: string) => Answers;
}

/** With one item nobody is asked; it is the answer. */
export interface PickQuestion<Answers> extends Base<Answers> {
  readonly items: readonly (vscode.QuickPickItem & { readonly value: string })[];
}

export interface TextQuestion<Answers> extends Base<Answers> {
  readonly value: string;
  /** What is wrong with a text, in words. */
  readonly validate: (text: string) => string | undefined;
}

/**
 * Asks one question after the other, in one box with a button that leads back. `next` tells the question that follows from
 * the answers so far; without one everything is answered. `undefined`: somebody thought better of it.
 */
export async function askInSteps<Answers>(
  title: string,
  first: Answers,
  next: (answers: Answers) => Question<Answers> | undefined,
): Promise<Answers | undefined> {
  const asked: Answers[] = [];
  let answers = first;
  for (let question = next(answers); question; question = next(answers)) {
    const only = onlyAnswer(question);
    const value = only ?? (await ask(title, question, asked.length));
    if (value === undefined) return undefined;
    if (value === back) {
      answers = asked.pop() ?? first;
      continue;
    }
    if (only === undefined) asked.push(answers);
    answers = question.answer(answers, value);
  }
  return answers;
}

const onlyAnswer = <Answers>(question: Question<Answers>): string | undefined =>
  'items' in question && question.items.length === 1 ? question.items[0]?.value : undefined;

const back = Symbol('back');

function ask<Answers>(
  title: string,
  question: Question<Answers>,
  stepsBefore: number,
): Promise<string | typeof back | undefined> {
  return 'items' in question ? pick(title, question, stepsBefore) : type(title, question, stepsBefore);
}

function pick<Answers>(title: string, question: PickQuestion<Answers>, stepsBefore: number) {
  const box = vscode.window.createQuickPick<PickQuestion<Answers>['items'][number]>();
  box.items = question.items;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  const listen = (settle: (value: string | undefined) => void): void => {
    box.onDidAccept(() => settle(box.selectedItems[0]?.value));
  };
  return settled(box, title, question.placeholder, stepsBefore, listen);
}

function type<Answers>(title: string, question: TextQuestion<Answers>, stepsBefore: number) {
  const box = vscode.window.createInputBox();
  box.value = question.value;
  box.prompt = question.placeholder;
  const check = (text: string): string | undefined => {
    box.validationMessage = question.validate(text.trim());
    return question.validate(text.trim());
  };
  const listen = (settle: (value: string | undefined) => void): void => {
    box.onDidChangeValue(check);
    box.onDidAccept(() => check(box.value) ?? settle(box.value.trim()));
  };
  return settled(box, title, question.placeholder, stepsBefore, listen);
}

/** Shows a box until something is answered, it is left, or somebody goes back. */
function settled(
  box: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  title: string,
  placeholder: string,
  stepsBefore: number,
  listen: (settle: (value: string | undefined) => void) => void,
): Promise<string | typeof back | undefined> {
  return new Promise(resolve => {
    const settle = (value: string | typeof back | undefined): void => {
      resolve(value);
      box.dispose();
    };
    box.title = title;
    box.placeholder = placeholder;
    box.step = stepsBefore + 1;
    box.ignoreFocusOut = true;
    box.buttons = stepsBefore > 0 ? [vscode.QuickInputButtons.Back] : [];
    box.onDidTriggerButton(button => button === vscode.QuickInputButtons.Back && settle(back));
    box.onDidHide(() => settle(undefined));
    listen(settle);
    box.show();
  });
}
