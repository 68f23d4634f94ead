import { connect } from 'node:net';

/** Started by ssh with a question as its argument: hands it to the editor and prints the answer. No answer is a failure. */
const socket = connect(process.env.HOSTPCI_ASKPASS_ADDRESS ?? '');
let text = '';
socket.setEncoding('utf8');
socket.on('connect', () => {
  socket.write(`${JSON.stringify({ token: process.env.HOSTPCI_ASKPASS_TOKEN, prompt: process.argv[2] ?? '' })}\n`);
});
socket.on('data', (more: string) => {
  text += more;
});
socket.on('error', () => process.exit(1));
socket.on('close', () => {
  const { answer } = JSON.parse(text || '{}') as { answer?: string };
  if (answer === undefined) process.exit(1);
  process.stdout.write(`${answer}\n`);
});
