import type { AlertChannel } from '../src/model/alert.ts';
import { alertmanager } from './alertmanager.ts';
import { pagerduty } from './pagerduty.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

/** Every channel there is, but for mail, which has keepalived's keywords. A new one is one file and one line here. */
export const channels: readonly AlertChannel[] = [webhook, alertmanager, slack, pagerduty];
