export type { Asked, Event, Faulty, PublicKey, Reading, SetError } from './events.ts';
export { askedBy, headerOf, keyFor, OLDEST_SECONDS, publicKeysIn, readEvents } from './events.ts';
export type { Transmitter, TransmitterFact, TransmitterId, TransmitterSaid } from './transmitters.ts';
export { endTransmitter, foldTransmitter, makeTransmitter, TRANSMITTER_FACTS } from './transmitters.ts';
