/** As much of a dashboard's file as is run. */
export interface DashboardFile {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelFile[];
  readonly templating: { readonly list: readonly VariableFile[] };
  readonly annotations: { readonly list: readonly AnnotationFile[] };
}

export interface PanelFile {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly TargetFile[];
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: { readonly renameByName?: Readonly<Record<string, string>> };
  }[];
  readonly fieldConfig?: {
    readonly defaults: Readonly<Record<string, unknown>>;
    readonly overrides: readonly { readonly matcher: { readonly id: string; readonly options: string } }[];
  };
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface TargetFile {
  readonly refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: string;
  readonly legendFormat?: string;
}

export interface VariableFile {
  readonly name: string;
  readonly label?: string;
  readonly type: string;
  readonly query?: string | { readonly query: string };
  readonly includeAll?: boolean;
  readonly allValue?: string;
}

interface AnnotationFile {
  readonly name: string;
  readonly expr?: string;
  readonly iconColor?: string;
  readonly useValueForTime?: boolean;
}
