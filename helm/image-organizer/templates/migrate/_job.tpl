{{- define "io.migrateJobSpec" -}}
activeDeadlineSeconds: {{ .Values.migrate.deadlineSeconds }}
backoffLimit: 5
template:
  metadata:
    labels:
      {{- include "io.selector" (dict "context" . "component" "migrate") | nindent 6 }}
  spec:
    {{- include "io.podSpec" (dict "context" .) | nindent 4 }}
    restartPolicy: Never
    containers:
      - name: migrate
        image: {{ include "io.image" (dict "context" . "service" "auth") }}
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        args: [node, /app/auth/src/migrate.ts]
        {{- include "io.containerSecurity" dict | nindent 8 }}
        env:
          {{- include "io.variables" (dict "LOG_LEVEL" .Values.config.logLevel) | trim | nindent 10 }}
          {{- include "io.secretVariable" (dict "context" . "variable" "MYSQL_URL") | trim | nindent 10 }}
        resources: {{ toJson .Values.migrate.resources }}
        volumeMounts: [{ name: tmp, mountPath: /tmp }]
    volumes: [{ name: tmp, emptyDir: {} }]
{{- end }}
