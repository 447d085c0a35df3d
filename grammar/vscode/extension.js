// Starts `gradus lsp` for documents of gradus: what is wrong is underlined while one types, a name says what it is.
const { window, workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

async function activate(context) {
  const command = workspace.getConfiguration('gradus').get('path') || 'gradus';
  const server = { command, args: ['lsp'] };
  client = new LanguageClient('gradus', 'gradus', server, { documentSelector: [{ language: 'gradus' }] });
  context.subscriptions.push({ dispose: () => client.stop() });
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(`${command} lsp cannot be started: ${error.message}. Install gradus, or set gradus.path to where it is.`);
  }
}

const deactivate = () => client?.stop();

module.exports = { activate, deactivate };
