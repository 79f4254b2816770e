import type { Checker } from '../src/model/check.ts';
import { agent } from './agent.ts';
import { dns } from './dns.ts';
import { file } from './file.ts';
import { http } from './http.ts';
import { ldap } from './ldap.ts';
import { misc } from './misc.ts';
import { mysql } from './mysql.ts';
import { pgsql } from './pgsql.ts';
import { ping } from './ping.ts';
import { redis } from './redis.ts';
import { smtp } from './smtp.ts';
import { ssl } from './ssl.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';

/** Every checker there is. A new one is one file and one line here. */
export const checkers: readonly Checker[] = [
  tcp,
  http,
  ssl,
  smtp,
  misc,
  dns,
  udp,
  ping,
  file,
  agent,
  mysql,
  pgsql,
  redis,
  ldap,
];
