// Prints the rows of a query as one line of JSON. Arguments: the database, the query.
import process from 'node:process';
import Database from 'better-sqlite3';

const [file = '', query = ''] = process.argv.slice(2);
const database = new Database(file, { readonly: true });
process.stdout.write(`${JSON.stringify(database.prepare(query).all())}\n`);
database.close();
