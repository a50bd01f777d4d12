package recon.server.intake;

import recon.server.delivery.Delivery;
import recon.server.delivery.LogSender;
import recon.server.queue.JobControl;
import recon.server.status.StatusReport;

/** Who does what a client asks for. All thread-safe. */
public record Departments(
        JobIntake intake, Delivery delivery, JobControl control, LogSender logs, StatusReport status) {}
