// checkalived/plugin: what a checker outside of this package is written with.
export type {
  CheckContext,
  Checker,
  CheckResult,
  CheckTarget,
  FailureReason,
  Report,
  WeightWish,
} from '../src/model/check.ts';
export type { NamedValue, Param, Params, ParamType, ReadWords, TellFault, Values, Word } from '../src/model/params.ts';
export type {
  CheckFiles,
  CommandOutcome,
  CommandRequest,
  CommandRunner,
  Connection,
  ConnectionHandler,
  ConnectOptions,
  DatagramHandler,
  DatagramOptions,
  DatagramSocket,
  Datagrams,
  PatternOutcome,
  PatternSpec,
  Patterns,
  SocketFault,
  Sockets,
  TlsOptions,
} from '../src/model/ports.ts';
export type { Span } from '../src/model/span.ts';
export type { Cancel, Clock, Ms } from '../src/model/time.ts';
export { type ConnectionSpec, connectParams, datagramParams, planConnection } from './connect-params.ts';
export { type DatagramDialogue, type DatagramTarget, exchangeDatagrams } from './datagram-exchange.ts';
export { type ConnectionTarget, closedEarly, type Dialogue, exchange, type Turn, type Verdict } from './exchange.ts';
export { quoteBytes } from './quote.ts';
