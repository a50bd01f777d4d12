@echo off
rem Starts the client on a Windows console: recon-client.jar beside this file. JAVA_HOME says which Java, else it is the
rem one on the PATH. RECON_JAVA_OPTS are further options for Java. The exit code is the client's.
setlocal DisableDelayedExpansion
set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
where /q "%java%" 2>nul || if not exist "%java%" goto nojava
"%java%" -Djava.awt.headless=true -XX:+UseSerialGC %RECON_JAVA_OPTS% -jar "%~dp0recon-client.jar" %*
exit /b %ERRORLEVEL%

:nojava
echo recon-client: %java% not found; install Java 17 or later, or set JAVA_HOME 1>&2
exit /b 2
