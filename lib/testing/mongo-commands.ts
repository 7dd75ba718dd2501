import type { CommandStartedEvent } from 'mongodb';
import type { MongoConnection } from '@image-organizer/adapters/mongo/connection';

const writing = new Set(['insert', 'update', 'delete', 'findAndModify']);

/**
 * The commands that the connection sends from now on, in their order, without those of the connection itself.
 * @param connection its URL says `monitorCommands=true`, else none is seen
 */
export async function recordCommands(connection: MongoConnection): Promise<CommandStartedEvent[]> {
  const commands: CommandStartedEvent[] = [];
  const { client } = await connection.database();
  client.on('commandStarted', (event) => {
    if (!['ping', 'endSessions', 'hello'].includes(event.commandName)) commands.push(event);
  });
  return commands;
}

/** The writes among them, each with when the server acknowledges it. */
export const writesIn = (commands: CommandStartedEvent[]) =>
  commands
    .filter(({ commandName }) => writing.has(commandName))
    .map(({ commandName, command }) => ({
      name: commandName,
      writeConcern: command['writeConcern'] as unknown,
    }));

/** How many there are of each name. */
export function countByName(commands: CommandStartedEvent[]): Record<string, number> {
  const names = commands.map(({ commandName }) => commandName);
  return Object.fromEntries(
    [...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]),
  );
}
