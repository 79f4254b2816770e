import { catalogue } from '../../src/metrics/catalogue.ts';
import { dashboardOfAgent } from './expressions.ts';
import type { RuleGroup } from './rule.ts';

const attempts = (selector: string): string =>
  `sum without (result) (increase(${catalogue.notifications.name}${selector}[30m]))`;

/** Is what happens told, and kept? */
export const deliveryAlerts: RuleGroup = {
  name: 'checkalived-delivery',
  recordings: [],
  alerts: [
    {
      name: 'NotificationsFailing',
      meaning: 'More than half of the attempts to tell somebody fail.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '10m',
          expr: `${attempts('{result=~"failed|given_up"}')} / ${attempts('')} > 0.5`,
          summary: '{{ $labels.instance }}: notifications through {{ $labels.channel }} fail',
          description:
            'On {{ $labels.instance }} {{ $value | humanizePercentage }} of the attempts through {{ $labels.channel }} failed within 30 minutes. They are tried again.',
        },
      ],
    },
    {
      name: 'NotificationsGivenUp',
      meaning: 'Notifications were given up: nobody was told.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          expr: `increase(${catalogue.notifications.name}{result="given_up"}[1h]) > 0`,
          summary: '{{ $labels.instance }}: notifications through {{ $labels.channel }} were given up',
          description:
            'On {{ $labels.instance }} notifications through {{ $labels.channel }} were refused for good, or have waited too long, within the last hour. They will not be sent.',
        },
      ],
    },
    {
      name: 'MailTrouble',
      meaning: 'The mail server takes no mails.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '15m',
          expr: `${catalogue.trouble.name}{component="mail"} == 1`,
          summary: '{{ $labels.instance }} cannot send mails',
          description:
            'The mail server has taken no mails from {{ $labels.instance }} for 15 minutes. They wait in the outbox and are tried again.',
        },
      ],
    },
    {
      name: 'ChannelTrouble',
      meaning: 'Channels of alerts, such as a web hook, take none.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '15m',
          expr: `${catalogue.trouble.name}{component="alerts"} == 1`,
          summary: '{{ $labels.instance }} cannot deliver alerts',
          description:
            'One or more channels have taken no alerts from {{ $labels.instance }} for 15 minutes. They wait in the outbox and are tried again.',
        },
      ],
    },
    {
      name: 'StoreTrouble',
      meaning: 'The database cannot be written or read.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '5m',
          expr: `${catalogue.trouble.name}{component="store"} == 1`,
          summary: '{{ $labels.instance }} cannot use its database',
          description:
            'The database of the agent on {{ $labels.instance }} has failed for 5 minutes. Checks and IPVS go on; history stops, and a restart would not remember.',
        },
      ],
    },
    {
      name: 'StoreWriteErrors',
      meaning: 'The database refuses transactions, now and again.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          for: '15m',
          expr: `increase(${catalogue.storeWriteErrors.name}[15m]) > 0`,
          summary: '{{ $labels.instance }}: the database refuses transactions',
          description:
            'The database of the agent on {{ $labels.instance }} has refused transactions for more than 15 minutes. They are tried again.',
        },
      ],
    },
    {
      name: 'StoreDropping',
      meaning: 'Results were lost to the history, because the database did not keep up.',
      dashboard: dashboardOfAgent,
      rules: [
        {
          severity: 'warning',
          expr: `increase(${catalogue.droppedResults.name}[15m]) + increase(${catalogue.droppedMinutes.name}[15m]) > 0`,
          summary: '{{ $labels.instance }} drops results',
          description:
            'On {{ $labels.instance }} the database did not keep up within the last 15 minutes, and about {{ $value | humanize }} results or minutes are lost to the history. They counted for checking all the same.',
        },
      ],
    },
  ],
};
